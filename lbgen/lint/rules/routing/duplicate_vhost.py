"""A host is claimed twice, and only one of the two gets its requests.

## What it does

Looks for a second route for a host, without a path, that leads elsewhere than the first: two apps with one `VHOST`, two
rules of a pool with one `hostEq`, two `use_backend` lines of a haproxy.cfg.

## Why is this bad?

HAProxy takes the first rule that matches. Of two apps that is the one with the higher `BACKEND_WEIGHT`, and of one
weight the first by id, whichever was deployed last. The other gets no request, and nothing says so. A renamed or a new
app can so take the traffic of an old one away.

## Use instead

Another host, or a path of its own for one of them:

```json
"HAPROXY_0_VHOST": "shop.example.com",
"HAPROXY_0_PATH": "/api"
```

Two versions of one app that take turns are a deployment group: `HAPROXY_DEPLOYMENT_GROUP`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.lint.rules.routing.ways import once, ways
from lbgen.marathon.routing import case_of, in_map_for_http

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.lint.rules.routing.ways import Ways
    from lbgen.lint.subjects import Fleet
    from lbgen.model.service import Service

_HELP = (
    "give one of them another host or a path; a higher HAPROXY_n_BACKEND_WEIGHT comes first, then the first app by id"
)


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every second route for a host, at whoever loses."""
    found = [problem for each in ways(fleet) for problem in _of(each)]
    if fleet.context.haproxy_map:
        found += [problem for balancer in fleet.balancers for problem in _of_map(balancer.services)]
    yield from once(found)


def _of(found: Ways) -> Iterator[Problem]:
    severity = None if found.configuration.generated else Severity.WARNING
    for shadow in found.routes():
        loser, winner = shadow.loser, shadow.winner
        if loser.path is None and winner.path is None and loser.host is not None and loser.host == winner.host:
            before = found.at(winner, path=False)
            yield Problem(
                f'"{loser.host:.80}" is claimed by {found.who(winner.rule, loser.rule)} as well, which comes first',
                found.at(loser, path=False),
                _HELP if found.of_apps else "only the first of the two rules gets requests",
                (before,) if before is not None else (),
                found.configuration.line(loser.rule.directive),
                severity=severity,
            )


def _of_map(services: Iterable[Service]) -> Iterator[Problem]:
    """Hosts that stand in the map twice, where the first entry wins, or in the map and in a rule, which comes first."""
    whole = [service for service in services if not service.path]
    first: dict[str, Service] = {}
    for service in sorted(whole, key=_in_map):
        for vhost in filter(None, map(str.strip, service.vhosts)):
            winner = first.setdefault(vhost.lower(), service)
            if winner is not service and _in_map(service):
                because, before = service.because("VHOST"), winner.because("VHOST")
                start = because.value.find(vhost)
                message = f'"{vhost:.80}" is claimed by {winner.app.written} as well, which comes first'
                yield Problem(message, because.origin().narrowed(start, start + len(vhost)), _HELP, (before.origin(),))


def _in_map(service: Service) -> bool:
    return in_map_for_http(case_of(service))
