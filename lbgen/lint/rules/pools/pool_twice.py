"""Two pools have one name.

## What it does

Compares the names of all pools, in all files.

## Why is this bad?

Edge-LB knows a pool by its name alone, whatever namespace it is in: the one that is given later takes the place of the
other, with all of its frontends.

## Use instead

A name of its own for each pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Fleet
    from lbgen.origin import Origin


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every pool whose name another pool, of an earlier file or earlier in its file, has already."""
    seen: dict[str, Origin] = {}
    for pool in sorted(fleet.pools, key=lambda pool: pool.document):
        origin = pool.at(f"{pool.pool.at}/name")
        first = seen.setdefault(pool.pool.name, origin)
        if first is not origin:
            where = "" if first.document == origin.document else f", in {first.document}"
            message = f'there is a pool "{pool.pool.name:.60}" already{where}'
            yield Problem(message, origin, "Edge-LB would put this one in its place", (first,))
