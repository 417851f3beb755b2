"""The lines of a text: from an offset to line and column, and back to the line."""

from __future__ import annotations

from array import array
from bisect import bisect_right

from lbgen.origin import Position, Span
from lbgen.regex import regex

_BREAK = regex("\n")


class Lines:
    """The lines of `text`, ended by line feeds; a carriage return before one belongs to the line break."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Four bytes a line: documents of some million lines are met.
        self._starts = array("I", [0])
        self._starts.extend(match.end() for match in _BREAK.finditer(text))
        # A document may be one line of many megabytes, which is asked for again and again: keep the last one.
        self._last = (0, "")

    def __len__(self) -> int:
        """The number of lines; an empty line behind the last line feed is one."""
        return len(self._starts)

    def position(self, offset: int) -> Position:
        """Line and column, both from 1, of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def offset(self, position: Position) -> int:
        """The offset of the character at line and column, at most that of the line's end, or of the text's."""
        line = max(position.line, 1)
        if line > len(self._starts):
            return len(self._text)
        end = self._starts[line] - 1 if line < len(self._starts) else len(self._text)
        return min(self._starts[line - 1] + max(position.column, 1) - 1, end)

    def span(self, start: int, end: int) -> Span:
        """The stretch from offset `start` up to offset `end`."""
        return Span(self.position(start), self.position(end))

    def text(self, number: int) -> str:
        """Line `number` (from 1) without its line break; empty where there is no such line."""
        if not 1 <= number <= len(self._starts):
            return ""
        if self._last[0] != number:
            start = self._starts[number - 1]
            end = self._starts[number] - 1 if number < len(self._starts) else len(self._text)
            self._last = number, self._text[start:end].removesuffix("\r")
        return self._last[1]
