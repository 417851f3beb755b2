"""A pool lists its ports, and one that it binds is not among them.

## What it does

Compares the ports of frontends and statistics with `ports`, where a pool has that list.

## Why is this bad?

Edge-LB asks Mesos for the listed ports alone, and no longer for those that the frontends have. The port belongs to
nobody: another task may get it on the same agent, and HAProxy then does not start, or shares it.

## Use instead

All of them, or no `ports` at all: then the list is made of the frontends and the statistics.

```json
"ports": [80, 443, 9090]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Pool


def check(pool: Pool) -> Iterator[Problem]:
    """Every port that the pool binds and does not ask for."""
    listed = set(pool.pool.fields.get("ports") or ())
    if not listed:
        return
    bound = [("the statistics", pool.pool.stats.at, pool.pool.stats.port)]
    bound += [(f'the frontend "{each.name:.60}"', each.at, each.port) for each in pool.pool.frontends]
    for who, at, port in bound:
        if port > 0 and port not in listed:
            message = f"port {port} of {who} is not in the list of ports that the pool asks for"
            help_ = f'add {port} to "ports", or leave that list out'
            yield Problem(message, pool.at(f"{at}/bindPort"), help_, (pool.at(f"{pool.pool.at}/ports"),))
