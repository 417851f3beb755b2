"""Somebody binds a port that is reserved for somebody else.

## What it does

Compares what apps and pools bind with the reservations of `lbgen ports reserve`: those of the database that
`--ports-db`, `LBGEN_PORTS_DB` or the setting `ports-db` names, or of the one that is there already. A reservation holds
for a load-balancer group, or a pool, and for an address. It is kept for an app and the index of its service port; the
colours of a deployment group may use what is held for one of them, or for the group, a pool what is held for the pool
or for an app that it names.

## Why is this bad?

Somebody was promised the port, and deploys on it tomorrow: then two bind it, and the kernel deals connections out to
both.

## Use instead

A port of your own, which nobody else gets:

```sh
lbgen ports reserve --for /shop/web --scope external
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.ports.claim import Kind
from lbgen.ports.holders import Holders, of_pool
from lbgen.ports.reserved import Asked, Reserved, advice, message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Fleet


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every claim of an app or a pool on what is held for another one."""
    if not fleet.context.reservations:
        return
    reserved = Reserved(fleet.context.reservations)
    holders = Holders(app.app for app in fleet.apps)
    by_id = {app.id.strip("/"): app for app in fleet.apps}
    of_pools = {pool.pool.name: of_pool(pool.pool) for pool in fleet.pools}
    seen = set()
    for claim in fleet.claimed.claims:
        if not claim.scope or claim.own or claim.kind is Kind.PLANNED or claim.ports is None:
            continue
        asked = Asked(claim.scope, claim.protocol, claim.address.places, claim.ports)
        app = by_id.get(claim.owner.strip("/"))
        own = holders.of(app.app, claim.index) if app is not None else of_pools.get(claim.scope, frozenset())
        found = reserved.in_the_way(asked, own)
        value = claim.origins[:1], found
        if found is not None and value not in seen:
            seen.add(value)
            origin = claim.origins[0] if claim.origins else None
            yield Problem(message(found), origin, advice(found), config=claim.config)
