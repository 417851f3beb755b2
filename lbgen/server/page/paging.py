"""Long things in pieces: lines by the page, and the first of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
PER_PAGE = 1000


class Stretch(NamedTuple):
    """The lines of one page, counted from 1; `previous` and `next` begin others, 0 where there are none."""

    first: int
    last: int
    total: int
    previous: int
    next: int


def around(line: int, total: int) -> Stretch:
    """The page that holds the line, or the nearest one to it."""
    line = max(1, min(line, total))
    first = (line - 1) // PER_PAGE * PER_PAGE + 1
    last = min(first + PER_PAGE - 1, total)
    return Stretch(first, last, total, max(first - PER_PAGE, 0), last + 1 if last < total else 0)


class Some(NamedTuple, Generic[T]):
    """The first of many, and how many more there are."""

    shown: Sequence[T]
    more: int


def some(items: Sequence[T], most: int) -> Some[T]:
    """So many of them; all where only one would be left out."""
    most = most + 1 if len(items) == most + 1 else most
    return Some(items[:most], max(len(items) - most, 0))
