"""A route never gets a request, because one before it takes them all.

## What it does

Looks for routes of which every request meets an earlier rule too that leads elsewhere: a path behind a shorter one on
the same host, or behind the host as a whole; in a pool or a haproxy.cfg also a rule behind one without conditions, or
behind a redirect or a denial that nothing passes.

## Why is this bad?

HAProxy takes the first rule that matches, not the longest path. Marathon-LB orders by `BACKEND_WEIGHT`, and routes with
a path have the weight 1 unless they say otherwise, 0 included; of one weight the first app by id is asked first. So
`PATH` `/` of the app `/a` hides the `PATH` `/api` of the app `/b`.

## Use instead

A higher weight for the longer path:

```json
"HAPROXY_0_PATH": "/api",
"HAPROXY_0_BACKEND_WEIGHT": "10"
```

In a pool or a haproxy.cfg, put the narrower rule in front.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.lint.rules.routing.ways import once, shown, ways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.rules.routing.ways import Ways
    from lbgen.lint.subjects import Fleet
    from lbgen.routing.shadows import Shadow


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every route that is hidden, at whoever never gets a request."""
    yield from once(problem for each in ways(fleet) for problem in _of(each))


def _of(found: Ways) -> Iterator[Problem]:
    severity = None if found.configuration.generated else Severity.WARNING
    ended = () if found.configuration.generated else found.configuration.shadows.ended
    for shadow in (*found.routes(), *ended):
        loser, winner = shadow.loser, shadow.winner
        twice = loser.path is None and winner.path is None and loser.host is not None and loser.host == winner.host
        if twice and shadow not in ended:
            continue
        before, who = found.at(winner, path=True), found.who(winner.rule, loser.rule)
        yield Problem(
            f"never gets a request for {shown(loser)}: {who} takes {shown(winner)} first",
            found.at(loser, path=True),
            _help(found, shadow),
            (before,) if before is not None else (),
            found.configuration.line(loser.rule.directive),
            severity=severity,
        )


def _help(found: Ways, shadow: Shadow) -> str:
    if not found.of_apps:
        return "put the narrower rule in front"
    winner = found.service(shadow.winner.rule)
    if winner is not None and winner.path and winner.labels.get("BACKEND_WEIGHT", "").strip() == "0":
        return "a BACKEND_WEIGHT of 0 becomes 1 where there is a PATH; give the longer path a weight above 1"
    return f"give it a higher HAPROXY_n_BACKEND_WEIGHT than that of {found.who(shadow.winner.rule, shadow.loser.rule)}"
