"""Texts with blanks to fill in: what every template, built in or a user's, becomes before it is used."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from string import Formatter
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Blank(NamedTuple):
    """A placeholder: a name, keys into it (`{healthCheck[path]}`), and a format such as `>9`."""

    name: str
    keys: tuple[str, ...] = ()
    format: str = ""


class TemplateFault(ValueError):  # noqa: N818 - a fault of the user's text, as elsewhere
    """A template cannot be used; `start` and `end` say which characters of it are at fault."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text and blanks, in order; `fill` takes the values by name."""

    pieces: tuple[str | Blank, ...]
    fill: Callable[[Mapping[str, Any]], str]

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """The blanks among the pieces."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Blank))

    @property
    def names(self) -> frozenset[str]:
        """The names of all blanks."""
        return frozenset(blank.name for blank in self.blanks)

    def names_in_line(self, line: int) -> list[str]:
        """The names of the blanks in a line, counted from 0."""
        return list(_names_by_line(self.pieces).get(line, ()))


@lru_cache(maxsize=256)
def _names_by_line(pieces: tuple[str | Blank, ...]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    line = 0
    for piece in pieces:
        if isinstance(piece, Blank):
            found.setdefault(line, []).append(piece.name)
        else:
            line += piece.count("\n")
    return found


def literal(text: str) -> Text:
    """A text without blanks."""
    return Text((text,), lambda _values: text)


def compose(pieces: Iterable[str | Blank]) -> Text:
    """A text of these pieces, in order."""
    pieces = tuple(pieces)
    blanks = tuple(piece for piece in pieces if isinstance(piece, Blank))
    pattern = "".join("%s" if isinstance(piece, Blank) else piece.replace("%", "%%") for piece in pieces)
    if not blanks:
        return literal(pattern % ())
    if any(blank.keys or blank.format for blank in blanks):
        return Text(pieces, lambda values: pattern % tuple(_value(blank, values) for blank in blanks))
    pick = itemgetter(*(blank.name for blank in blanks))
    if len(blanks) == 1:
        return Text(pieces, lambda values: pattern % (pick(values),))
    return Text(pieces, lambda values: pattern % pick(values))


def _value(blank: Blank, values: Mapping[str, Any]) -> str:
    value = values[blank.name]
    for key in blank.keys:
        value = value[key]
    return format(value, blank.format)


_NAME = regex(r"([A-Za-z_][A-Za-z0-9_]*)((?:\[[^\[\]]*\])*)")
# An alignment and a width of two digits format a column; more could make the output huge.
_FORMAT = regex(r"(?:[<>^=])?0?[0-9]{0,2}[ds]?")


def parse_format(text: str) -> Text:
    """The text in the notation of `str.format`, without attributes, conversions and large widths.

    Raises TemplateFault where it is none.
    """
    pieces: list[str | Blank] = []
    try:
        for before, name, spec, conversion in Formatter().parse(text):
            pieces.append(before)
            if name is not None:
                pieces.append(_blank(text, name, spec or "", conversion))
    except TemplateFault:
        raise
    except ValueError as error:
        raise _brace_fault(text, error) from None
    return compose(pieces)


def _blank(text: str, name: str, spec: str, conversion: str | None) -> Blank:
    match = _NAME.fullmatch(name)
    whole = "{" + name
    start = max(text.find(whole), 0)
    if match is None:
        sentence = f'"{whole:.60}" is no placeholder; a brace that HAProxy shall see is written twice'
        raise TemplateFault(sentence, start, start + len(whole))
    if conversion or not _FORMAT.fullmatch(spec):
        what = f"!{conversion}" if conversion else f":{spec:.40}"
        raise TemplateFault(f'"{{{name}{what}}}": only plain placeholders are filled in', start, start + len(whole))
    return Blank(match[1], tuple(re.findall(r"\[([^\[\]]*)\]", match[2])), spec)


_BRACES = regex(r"\{\{|\}\}|\{[^{}]*\}|(?P<lone>[{}])")


def _brace_fault(text: str, error: ValueError) -> TemplateFault:
    start = next((match.start() for match in _BRACES.finditer(text) if match["lone"]), 0)
    what = "}" if "'}'" in str(error) else "{"
    sentence = f"a single '{what}' begins or ends no placeholder; a brace that HAProxy shall see is written twice"
    return TemplateFault(sentence, start, start + 1)


def unknown_placeholder(template: str, unknown: str, placeholders: frozenset[str]) -> str:
    """The sentence for a placeholder that the template does not have."""
    there_are = ", ".join(f"{{{name}}}" for name in sorted(placeholders)) or "none"
    return f"the template {template} has no placeholder {{{unknown}}} here; there are: {there_are}"
