"""Sentences that several checks say."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from lbgen.edgelb.said import Said

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

PROTOCOLS = ("HTTP", "HTTPS", "TCP", "TLS")


def missing(at: str, key: str, why: str = "") -> Said:
    """A member that must be there and is not."""
    return Said("value-missing", f"{at}/{key}", f'"{key}" is missing{why}')


def one_of(pointer: str, value: str, allowed: Sequence[str]) -> Iterator[Said]:
    """The fault of a value that is none of those allowed."""
    if value in allowed:
        return
    key = pointer.rpartition("/")[2]
    choices = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
    close = get_close_matches(value.upper(), allowed, n=1)
    help_ = f'did you mean "{close[0]}"?' if close else ""
    yield Said("bad-pool-value", pointer, f'"{key}" should be {choices}, is "{value:.60}"', help_)


def repeated(items: Iterable[tuple[str, object]], what: str, rule: str = "declared-twice") -> Iterator[Said]:
    """A fault for each value that was there before; items are pointers and values."""
    seen: dict[object, str] = {}
    for pointer, value in items:
        if value in seen:
            yield Said(rule, pointer, f"{what} {value} is taken already, by {seen[value]}")
        seen.setdefault(value, pointer)


def in_range(pointer: str, value: int, allowed: range) -> Iterator[Said]:
    """The fault of a number that is too small or too large."""
    if value not in allowed:
        key = pointer.rpartition("/")[2]
        last = allowed.stop - 1
        bounds = f"from {allowed.start} to {last}" if last < 2**31 - 1 else f"{allowed.start} or more"
        yield Said("bad-pool-value", pointer, f'"{key}" should be {bounds}, is {value}')


def close_to(name: str, names: Collection[str]) -> str:
    """A suggestion for a name that is none of these."""
    close = get_close_matches(name, sorted(names), n=1)
    if close:
        return f'did you mean "{close[0]}"?'
    return f"there are: {', '.join(sorted(names)[:8])}" if names else ""
