"""Where things come from: a value of an input document, a line of a generated text, and the way back."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


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
        return _label(self.pointer)

    def narrowed(self, start: int, end: int) -> Origin:
        """The same origin, narrowed to the characters from `start` up to `end` of its string."""
        return replace(self, start=start, end=end)


def _label(pointer: str) -> str | None:
    parent, _, last = pointer.rpartition("/")
    return unescape_pointer(last) if parent.endswith("/labels") else None


def escape_pointer(key: str) -> str:
    """The key as one token of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def unescape_pointer(token: str) -> str:
    """The key that a token of a JSON pointer stands for."""
    return token.replace("~1", "/").replace("~0", "~")


class Because(NamedTuple):
    """Why a line of the output is there: an app, or one of its values, or a template that an operator gave.

    `pointer` leads to the app, `field` from there to the value, as in `labels/HAPROXY_0_VHOST`; it is empty where the
    app as such is the reason. `value` is the value's text. Where `lines` is set, the lines of that text are the lines
    of the output. A template is its own document, without a pointer.
    """

    document: str
    pointer: str
    app: str | None
    field: str = ""
    value: str = ""
    lines: bool = False

    @property
    def at(self) -> str:
        """The pointer to the value, or to the app."""
        return f"{self.pointer}/{self.field}" if self.field else self.pointer

    @property
    def label(self) -> str | None:
        """The name of the label that is the reason, or None."""
        return _label(self.at)

    @property
    def is_template(self) -> bool:
        """Whether it is an operator's template, which is written for many apps."""
        return self.lines and self.app is None and not self.pointer

    def origin(self, line: int = 0) -> Origin:
        """The origin of a line; `line` counts from 0 within the value's text and counts only where `lines` is set."""
        if self.is_template:
            return Origin(self.document, position=Position(line + 1, 1))
        origin = Origin(self.document, self.at, self.app)
        if not self.lines:
            return origin
        starts = _line_starts(self.value)
        if line + 1 >= len(starts):
            return origin
        return origin.narrowed(starts[line], starts[line + 1] - 1)


@lru_cache(maxsize=64)
def _stripped(text: str) -> str:
    return text.strip()


@lru_cache(maxsize=64)
def _line_starts(text: str) -> tuple[int, ...]:
    """Where each line of the text starts, and behind them where one more would."""
    return tuple(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))


class SourceMap:
    """From the lines of a text back to what made them.

    `texts` are the parts that the text was joined of; `reasons` gives, for the index of a part and the number (from 0)
    of a line in it, the values that the line was made of, the most telling first. Lines of a part count on from its
    number in `firsts`, if there are any: so many lines of it stand elsewhere. Nothing is computed before it is asked
    for.
    """

    def __init__(
        self,
        texts: Sequence[str],
        reasons: Callable[[int, int], Sequence[Because]],
        firsts: Sequence[int] | None = None,
    ) -> None:
        self._texts = texts
        self._reasons = reasons
        self._firsts = firsts
        self._starts: list[int] | None = None
        # Whoever walks through all lines asks for those of one part in a row.
        self._last: tuple[int, list[str]] = (-1, [])

    def because(self, line: int, hint: str = "") -> Because | None:
        """Why line `line` (from 1) is there, or None where it is lbgen's own.

        Of several reasons it is the one whose value occurs in `hint`, such as a message about the line.
        """
        return self._chosen(line, hint)[0]

    def origin(self, line: int, hint: str = "") -> Origin | None:
        """The value that line `line` (from 1) comes from, chosen as `because` does, or None."""
        because, inside = self._chosen(line, hint)
        return because.origin(inside) if because is not None else None

    def reasons(self, line: int) -> Sequence[Because]:
        """All values that line `line` (from 1) was made of, the most telling first; none where it is lbgen's own."""
        return self._all(line)[0]

    def _chosen(self, line: int, hint: str) -> tuple[Because | None, int]:
        reasons, inside = self._all(line)
        if not reasons:
            return None, 0
        told = (because for because in reasons if hint and because.value and _stripped(because.value) in hint)
        return next(told, reasons[0]), inside

    def _all(self, line: int) -> tuple[Sequence[Because], int]:
        """Why the line is there, and its number (from 0) within what made it."""
        part = self._part(line)
        if part is None:
            return (), 0
        index, inside = part
        inside += self._firsts[index] if self._firsts else 0
        return self._reasons(index, inside), inside

    def _part(self, line: int) -> tuple[int, int] | None:
        """Index of the part that wrote the line, and the line's number (from 0) within it.

        Of several parts that end up on one line it is the first that wrote something there.
        """
        if self._starts is None:
            self._starts = list(accumulate((text.count("\n") for text in self._texts), initial=1))
        first = bisect_left(self._starts, line)
        # The part before may reach into the line; the ones from there on begin on it.
        for index in range(max(first - 1, 0), len(self._texts)):
            if self._starts[index] > line:
                return None
            if self._last[0] != index:
                self._last = index, self._texts[index].split("\n")
            lines = self._last[1]
            inside = line - self._starts[index]
            if inside < len(lines) and lines[inside].strip():
                return index, inside
        return None
