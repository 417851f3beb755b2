"""Server-sent events: from bytes as they come to events.

Lines end as they may, an event may have several lines of data, and what is too long is passed over instead of kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 16 * 1024 * 1024
_LINE_END = regex(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"


class Event(NamedTuple):
    """An event; `data` is None where there was too much of it, or where it is no text."""

    type: str
    data: str | None


class Parser:
    """Takes bytes and gives events."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._line = bytearray()
        self._after_cr = False
        self._first = True
        self._begin()

    def feed(self, raw: bytes) -> Iterator[Event]:
        """The events that end with these bytes."""
        if self._after_cr and raw:
            raw = raw.removeprefix(b"\n")
            self._after_cr = False
        start = 0
        for match in _LINE_END.finditer(raw):
            self._grow(raw[start : match.start()])
            start = match.end()
            self._after_cr = match[0] == b"\r" and start == len(raw)
            yield from self._end_line()
        self._grow(raw[start:])

    def _begin(self) -> None:
        self._type = ""
        self._data: list[bytes] = []
        self._size = 0
        self._damaged = False

    def _grow(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._most:
            self._damaged = True
            self._data.clear()
            # The name of the field is still wanted, and that the line is not blank.
            self._line = (self._line + part[:100])[:100]
        else:
            self._line += part

    def _end_line(self) -> Iterator[Event]:
        line = bytes(self._line)
        self._line.clear()
        if self._first:
            line = line.removeprefix(_BOM)
            self._first = False
        if not line:
            yield from self._dispatch()
            return
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"event":
            self._type = value.decode(errors="replace")
        elif name == b"data" and not self._damaged:
            self._data.append(value)
        elif not name:
            # A comment is a sign of life and part of no event.
            self._size = sum(map(len, self._data))

    def _dispatch(self) -> Iterator[Event]:
        kind, data, damaged = self._type, self._data, self._damaged
        self._begin()
        if damaged:
            yield Event(kind, None)
        elif data:
            try:
                yield Event(kind, b"\n".join(data).decode())
            except UnicodeDecodeError:
                yield Event(kind, None)
