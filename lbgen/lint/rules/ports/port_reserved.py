"""Somebody binds a port that is reserved for somebody else.

## What it does

Compares what apps and pools bind with the reservations of `lbgen ports reserve`: those of the database that
`--ports-db`, `LBGEN_PORTS_DB` or the setting `ports-db` names, or of the one that is there already. A reservation holds
for a load-balancer group, or a pool, and for an address. It is kept for an app and the index of its service port; the
colours of a deployment group may use what is held for one of them, or for the group.

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
from lbgen.marathon.deployment import GROUP
from lbgen.ports.claim import Kind
from lbgen.ports.reserved import Asked, Reserved, advice, holder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.lint.subjects import App, Fleet
    from lbgen.ports.claim import Claim


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every claim of an app or a pool on what is held for another one."""
    if not fleet.context.reservations:
        return
    reserved = Reserved(fleet.context.reservations)
    by_id = {app.id.strip("/"): app for app in fleet.apps}
    colours = _colours(fleet)
    seen = set()
    for claim in fleet.claimed.claims:
        if not claim.scope or claim.own or claim.kind is Kind.PLANNED or claim.ports is None:
            continue
        app, names = _names(claim, by_id.get(claim.owner.strip("/")), colours)
        asked = Asked(claim.scope, claim.protocol, claim.address.places, claim.ports)
        found = reserved.in_the_way(asked, names, app)
        value = claim.origins[:1], found
        if found is not None and value not in seen:
            seen.add(value)
            message = f"port {found.named_ports} is reserved for {found.holder} in {claim.scope}"
            yield Problem(message, claim.origins[0] if claim.origins else None, advice(found), config=claim.config)


def _names(claim: Claim, app: App | None, colours: Mapping[str, set[str]]) -> tuple[str, set[str]]:
    """The app that may use all that is held for it, where no index is known, or else the holders that the claim is."""
    if app is None:
        return "", set()
    if claim.index is None:
        return f"/{app.id.strip('/')}", set()
    group = app.app.labels.get(GROUP)
    ids = {app.id, group, *colours[group]} if group else {app.id}
    return "", {holder(each, claim.index) for each in ids}


def _colours(fleet: Fleet) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for app in fleet.apps:
        if group := app.app.labels.get(GROUP):
            found.setdefault(group, set()).add(app.id)
    return found
