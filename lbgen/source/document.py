"""A document as the user handed it in, and where in its text each part of its value stands."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from lbgen.dataclass import dataclass
from lbgen.origin import escape_pointer, unescape_pointer
from lbgen.source.jsonindex import JsonIndex
from lbgen.source.lines import Lines
from lbgen.source.slip import Slip

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lbgen.origin import Position, Span
    from lbgen.source.slip import Index, Place, Twice

Kind = Literal["json", "yaml"]


@dataclass(frozen=True, slots=True)
class DuplicateKey:
    """A member that an object has more than once: its pointer, and where its key stands first and again."""

    pointer: str
    first: Span
    again: Span


@dataclass(frozen=True, eq=False)
class Document:
    """One input: `name` as the user named it, `raw` as it was read, `text` without a byte order mark.

    Positions count characters of `text`. They are computed when they are first asked for, and only where asked.
    """

    name: str
    text: str
    raw: bytes
    kind: Kind
    _twice: list[Twice] = field(default_factory=list, init=False, repr=False)

    def span(self, pointer: str, start: int | None = None, end: int | None = None, *, key: bool = False) -> Span | None:
        """Where the value at the JSON pointer stands, or with `key` its key; None where there is no such value.

        `start` and `end` narrow it to these characters of the decoded string there. A value without a key, as in a
        list, stands for its key. Of duplicate keys the last counts, as in the loaded value.
        """
        tokens = _tokens(pointer)
        place = self._find(tokens) if tokens is not None else None
        if place is None:
            return None
        if key:
            return self._lines.span(*place.of_key())
        if start is None and end is None:
            return self._lines.span(place.start, place.end)
        return self._lines.span(*self.index.inside(place, start or 0, len(self.text) if end is None else end))

    def duplicate_keys(self) -> list[DuplicateKey]:
        """Every repetition of a key within its object, in the order of the text; known once it has been loaded."""
        return [
            DuplicateKey(_pointer(twice.tokens), self._lines.span(*twice.first), self._lines.span(*twice.again))
            for twice in self._twice
        ]

    def note_duplicates(self, twice: Iterable[Twice]) -> None:
        """Remember the duplicate keys that loading found; for `load` only."""
        self._twice[:] = twice

    def position(self, offset: int) -> Position:
        """Line and column of the character at `offset` of the text."""
        return self._lines.position(offset)

    def offset(self, position: Position) -> int:
        """The offset in the text of the character at this line and column."""
        return self._lines.offset(position)

    def stretch(self, start: int, end: int) -> Span:
        """The stretch from offset `start` up to offset `end`."""
        return self._lines.span(start, end)

    def line_text(self, number: int) -> str:
        """Line `number` (from 1) without its line break; empty where there is no such line."""
        return self._lines.text(number)

    @cached_property
    def escapes(self) -> bool:
        """Whether all characters but those of ASCII are written as escapes, and there are such."""
        return "\\u" in self.text and self.text.isascii()

    @cached_property
    def newline(self) -> str:
        """What ends a line of the text."""
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @cached_property
    def index(self) -> Index:
        """What finds the values of this document; raises Slip where the text is no YAML."""
        if self.kind == "json":
            return JsonIndex(self.text)
        # PyYAML takes 20 ms, and most inputs are JSON.
        from lbgen.source.yamltree import YamlTree

        return YamlTree(self.text)

    def _find(self, tokens: list[str]) -> Place | None:
        try:
            return self.index.find(tokens)
        except (Slip, ValueError, IndexError, RecursionError):
            # The text is not what its kind says, as `load` tells: nothing in it has a place.
            return None


def _tokens(pointer: str) -> list[str] | None:
    """The keys and indices of a JSON pointer; None where it is no pointer."""
    if not pointer:
        return []
    first, *rest = pointer.split("/")
    return None if first else [unescape_pointer(token) for token in rest]


def _pointer(tokens: Iterable[str]) -> str:
    return "".join(f"/{escape_pointer(token)}" for token in tokens)
