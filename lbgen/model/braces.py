"""Where the braces of a template stand: doubled ones, placeholders, and what is neither."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from lbgen.model.blanks import TemplateFault, parse_format
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(Enum):
    """What a brace is about."""

    DOUBLED = "doubled"
    PLACEHOLDER = "placeholder"
    REACHING = "reaching"
    STRAY = "stray"


class Brace(NamedTuple):
    """Braces at `start` up to `end` of a text.

    A PLACEHOLDER has a `name`, and perhaps a `key` into it; REACHING is one that asks for an attribute, an item, a
    conversion or a width; STRAY is anything else in single braces, or a brace on its own.
    """

    kind: Kind
    name: str
    key: str
    start: int
    end: int


_BRACES = regex(r"\{\{|\}\}|\{(?P<body>[^{}]*)\}|[{}]")
_NAME = regex(r"([A-Za-z_][A-Za-z0-9_]*)(?P<more>[.\[!:].*)?", re.DOTALL)
_CHECK = regex(r"healthCheck\[([A-Za-z]+)\]")


def braces(text: str) -> Iterator[Brace]:
    """All braces of a text in the notation of `str.format`, from left to right."""
    for match in _BRACES.finditer(text):
        body = match["body"]
        if body is None:
            kind = Kind.DOUBLED if len(match[0]) == 2 else Kind.STRAY
            yield Brace(kind, "", "", *match.span())
        else:
            yield _single(body, *match.span())


def _single(body: str, start: int, end: int) -> Brace:
    if check := _CHECK.fullmatch(body):
        return Brace(Kind.PLACEHOLDER, "healthCheck", check[1], start, end)
    found = _NAME.fullmatch(body)
    if found is None:
        return Brace(Kind.STRAY, "", "", start, end)
    plain = found["more"] is None or ("[" not in found["more"] and _is_taken(body))
    return Brace(Kind.PLACEHOLDER if plain else Kind.REACHING, found[1], "", start, end)


def _is_taken(body: str) -> bool:
    """Whether the placeholder is one that is filled in, for all its alignment."""
    try:
        parse_format("{" + body + "}")
    except TemplateFault:
        return False
    return True


def undoubled(text: str) -> str:
    """The text with every doubled brace single, as it is once its placeholders are filled in."""
    return text.replace("{{", "{").replace("}}", "}")
