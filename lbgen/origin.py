"""Where things come from: a value of an input document, a line of a generated text, and the way back."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Position(NamedTuple):
    """A place in a text; line and column count from 1, columns in characters."""

    line: int
    column: int


class Span(NamedTuple):
    """A stretch of a text: `start` belongs to it, `end` is the first position behind it."""

    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Origin:
    """A value in an input document.

    `pointer` is a JSON pointer (RFC 6901) into the document. `start` and `end`, where given, narrow the origin to
    these characters of the decoded string there. `position` is given instead of a pointer where there is no value
    to point at, as in a document that is not JSON.
    """

    document: str
    pointer: str = ""
    app: str | None = None
    start: int | None = None
    end: int | None = None
    position: Position | None = None

    @property
    def label(self) -> str | None:
        """The name of the label that the pointer leads to, or None where it does not lead to one."""
        parent, _, last = self.pointer.rpartition("/")
        return unescape_pointer(last) if parent.endswith("/labels") else None

    def narrowed(self, start: int, end: int) -> Origin:
        """This origin, narrowed to the characters from `start` up to `end` of its string."""
        return replace(self, start=start, end=end)


def escape_pointer(key: str) -> str:
    """The key as one token of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def unescape_pointer(token: str) -> str:
    """The key that a token of a JSON pointer stands for."""
    return token.replace("~1", "/").replace("~0", "~")


class Because(NamedTuple):
    """Why a fragment of the output exists: an app, one of its labels, or, with neither, lbgen itself.

    `pointer` leads to the app (or to whatever else `field` is a child of). `field` is the path from there to the
    value, as in `labels/HAPROXY_0_VHOST`, or empty. `override` holds the decoded text of that value where the
    fragment's lines are its lines.
    """

    document: str
    pointer: str
    app: str | None
    field: str = ""
    override: str | None = None

    def origin(self, line: int = 0) -> Origin:
        """The origin of line `line` (from 0) of the fragment, narrowed to that line of an override."""
        pointer = f"{self.pointer}/{self.field}" if self.field else self.pointer
        origin = Origin(self.document, pointer, self.app)
        if self.override is None:
            return origin
        lines = self.override.split("\n")
        if line >= len(lines):
            return origin
        start = sum(len(text) + 1 for text in lines[:line])
        return origin.narrowed(start, start + len(lines[line]))


class SourceMap:
    """From the lines of a generated text back to what made them; built when it is first asked."""

    def __init__(self, texts: Sequence[str], reasons: Sequence[Because | None]) -> None:
        self._texts = texts
        self._reasons = reasons
        self._starts: list[int] | None = None

    def because(self, line: int) -> Because | None:
        """Who made line `line` (from 1), or None where it is lbgen's own."""
        found = self._part(line)
        return self._reasons[found[0]] if found else None

    def origin(self, line: int) -> Origin | None:
        """The origin of line `line` (from 1) of the text, or None where no input made it."""
        found = self._part(line)
        if found is None:
            return None
        because = self._reasons[found[0]]
        return because.origin(found[1]) if because is not None else None

    def _part(self, line: int) -> tuple[int, int] | None:
        """Index of the fragment that wrote the line, and the line's number (from 0) within it."""
        if self._starts is None:
            self._starts = list(accumulate((text.count("\n") for text in self._texts), initial=1))
        # Of several fragments that end up on one line, the last that begins on or before it and has text wins.
        index = bisect_right(self._starts, line) - 1
        index = min(index, len(self._texts) - 1)
        while index >= 0:
            lines = self._texts[index].split("\n")
            inside = line - self._starts[index]
            if inside < len(lines) and lines[inside].strip():
                return index, inside
            if self._starts[index] + len(lines) - 1 < line:
                break
            index -= 1
        return None
