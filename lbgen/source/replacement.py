"""A stretch of a text and what is to stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class CannotReplace(Exception):  # noqa: N818 - nobody did anything wrong
    """What is asked for cannot be written into the text without touching what nobody asked for."""


class Replacement(NamedTuple):
    """The text from offset `start` up to `end` becomes `text`."""

    start: int
    end: int
    text: str

    def touches(self, other: Replacement) -> bool:
        """Whether the two cannot be done together: they overlap, or both insert something at one place."""
        if self.start == self.end == other.start == other.end:
            return True
        return self.start < other.end and other.start < self.end


def applied(text: str, replacements: Iterable[Replacement]) -> str:
    """The text with all of them done; none touches another."""
    made, at = [], 0
    for start, end, new in sorted(replacements):
        made += [text[at:start], new]
        at = end
    return "".join([*made, text[at:]])


class Change(NamedTuple):
    """The characters from `start` up to `end` of a decoded string become `text`."""

    start: int
    end: int
    text: str


def narrowed(old: str, change: Change) -> Change:
    """The change without the characters at its ends that stay what they are."""
    start, end, text = change
    while start < end and text and old[start] == text[0]:
        start, text = start + 1, text[1:]
    while start < end and text and old[end - 1] == text[-1]:
        end, text = end - 1, text[:-1]
    return Change(start, end, text)
