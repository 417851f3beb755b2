"""A strict walk through the tokens of a JSON text (RFC 8259), with offsets; it says what is wrong, in our own words."""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import TYPE_CHECKING, NamedTuple

from lbgen.regex import regex
from lbgen.source.jsonslips import ESCAPE, PLAIN, explain
from lbgen.source.slip import Slip, Twice

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 200

_TOKEN = regex(
    rf"""[ \t\r\n]*+(?:
      (?P<string>"{PLAIN}(?:{ESCAPE}{PLAIN})*")
    | (?P<sign>[{{}}\[\]:,])
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.+]))
    | (?P<word>(?:true|false|null)(?!\w))
    | (?P<end>\Z)
    | )""",
    re.VERBOSE,
)

# Python turns no longer digits into a number, and no program means such a one.
_MAX_DIGITS = 4300

_VALUE = frozenset(("string", "number", "word", "{", "["))
_ACCEPTS = {
    "value": _VALUE,
    "first": _VALUE | {"]"},
    "key": frozenset(("string",)),
    "member": frozenset(("string", "}")),
    "colon": frozenset(":"),
    "object": frozenset(",}"),
    "array": frozenset(",]"),
    "end": frozenset(("end",)),
}
_AFTER_OPEN = {"{": "member", "[": "first"}
_AFTER_COMMA = {"{": "key", "[": "value"}
_AFTER_VALUE = {"{": "object", "[": "array"}


class Token(NamedTuple):
    """A part of the text: `kind` is key, string, number, word, or one of the brackets."""

    kind: str
    start: int
    end: int


def walk(text: str) -> Iterator[Token]:
    """The tokens of the text in their order, without commas and colons.

    Raises Slip at the first place where the text is not JSON.
    """
    opened: list[tuple[str, int]] = []
    expect, at = "value", 0
    while True:
        kind, start, at = _token(text, at)
        if kind not in _ACCEPTS[expect]:
            raise explain(text, start, expect, opened)
        if kind == "end":
            return
        if kind == ":":
            expect = "value"
        elif kind == ",":
            expect = _AFTER_COMMA[opened[-1][0]]
        elif expect in {"key", "member"} and kind == "string":
            expect = "colon"
            yield Token("key", start, at)
        else:
            _enter_or_leave(opened, kind, start, at)
            yield Token(kind, start, at)
            expect = _AFTER_OPEN.get(kind) or (_AFTER_VALUE[opened[-1][0]] if opened else "end")


def _token(text: str, at: int) -> Token:
    """The next token; an empty one of kind "bad" where there is none."""
    match = _TOKEN.match(text, at)
    if match is None or match.lastgroup is None:
        end = match.end() if match else at
        return Token("bad", end, end)
    start, end = match.span(match.lastgroup)
    return Token(text[start] if match.lastgroup == "sign" else match.lastgroup, start, end)


def _enter_or_leave(opened: list[tuple[str, int]], kind: str, start: int, end: int) -> None:
    if kind in _AFTER_OPEN:
        opened.append((kind, start))
        if len(opened) > MAX_DEPTH:
            raise Slip(start, f"the value is nested more than {MAX_DEPTH} deep")
    elif kind in {"}", "]"}:
        opened.pop()
    elif kind == "number" and end - start > _MAX_DIGITS:
        raise Slip(start, f"a number of {end - start:,} characters; at most {_MAX_DIGITS:,} are taken")


_decode = JSONDecoder().decode


def duplicates(text: str) -> Iterator[Twice]:
    """The members that stand more than once in one object of the JSON text, in the order of their repetition."""
    path: list[str] = []  # a token for every open container: the current key, or the current index
    seen: list[dict[str, tuple[int, int]] | None] = []  # the keys of every open container; None for a list
    for kind, start, end in walk(text):
        keys = seen[-1] if seen else None
        if kind == "key" and keys is not None:
            path[-1] = _decode(text[start:end])
            first = keys.setdefault(path[-1], (start, end))
            if first != (start, end):
                yield Twice(tuple(path), first, (start, end))
        elif kind in {"}", "]"}:
            path.pop()
            seen.pop()
        else:
            if path and keys is None:
                path[-1] = str(int(path[-1]) + 1)
            if kind in _AFTER_OPEN:
                path.append("-1")
                seen.append({} if kind == "{" else None)
