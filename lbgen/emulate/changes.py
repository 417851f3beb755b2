"""What an edit does to the requests that there are to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.emulate.showing import command, outcome, stand_ins_by_backend

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.emulate.standins import StandIn
    from lbgen.emulate.trying import Try

_MOST = 24


def foretold(found: Sequence[Try], standins: Iterable[StandIn], authority: str) -> dict[str, str]:
    """What becomes of each request, by what to type for it."""
    tasks = stand_ins_by_backend(standins)
    return {command(one, authority): outcome(one, tasks) for one in found}


def changes(before: Mapping[str, str], after: Mapping[str, str], *, verbose: bool) -> Iterator[str]:
    """A line for each request that is new, ends otherwise now, or is gone; without `verbose` the first of many."""
    lines = list(_lines(before, after))
    shown = lines if verbose else lines[:_MOST]
    yield from shown
    if len(shown) < len(lines):
        yield f"  and {len(lines) - len(shown):,} more; -v tells all"


def _lines(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    for typed, end in after.items():
        if typed not in before:
            yield f"  + {typed}"
        elif before[typed] != end:
            yield f"  ~ {typed}  # {end}; before: {before[typed]}"
    for typed in before:
        if typed not in after:
            yield f"  - {typed}"
