"""A redirect to HTTPS also redirects the route of another app.

## What it does

Looks for apps on a host, or a path, that another app redirects with `REDIRECT_TO_HTTPS`, and that do not ask for a
redirect themselves.

## Why is this bad?

HAProxy works through redirects before it looks at any route, whatever the weights. Requests in clear text that the
other app should have answered are redirected: challenges of ACME for a certificate, health checks, old devices. The
portable dialect leaves out the paths of services that stand before the redirect, unless a label or a template of the
operator's replaces one of the rules.

## Use instead

The redirect on a host of its own, or on a path:

```json
"HAPROXY_0_PATH": "/shop",
"HAPROXY_0_REDIRECT_TO_HTTPS": "true"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.lint.rules.routing.ways import once, shown, ways
from lbgen.marathon.spared import redirects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.rules.routing.ways import Ways
    from lbgen.lint.subjects import Fleet
    from lbgen.model.service import Service

_HELP = "give the redirect a path, or a host of its own"
_SPARED = "the portable dialect leaves this path out of the redirect; Marathon-LB does not"


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every route that another app redirects, and those that only the portable dialect spares."""
    yield from once(problem for each in ways(fleet) if each.of_apps for problem in _covered(each))
    if fleet.context.portable:
        operators = {name: replacement.text for name, replacement in fleet.context.templates.items()}
        services = (list(balancer.services) for balancer in fleet.balancers)
        yield from once(problem for each in services for problem in _spared(each, operators))


def _covered(found: Ways) -> Iterator[Problem]:
    for shadow in found.configuration.shadows.redirects:
        service, because = found.service(shadow.loser.rule), found.owner(shadow.winner.rule)
        if service is None or because is None or because.app == service.app.written or service.redirect_to_https:
            continue
        if shadow.loser.host is not None:
            yield Problem(
                f"http://{shown(shadow.loser)} is redirected because of {because.app}",
                found.at(shadow.loser, path=True),
                _HELP,
                (because.origin(),),
                found.configuration.line(shadow.winner.rule.directive),
            )


def _spared(services: list[Service], operators: dict[str, str]) -> Iterator[Problem]:
    told: set[tuple[str, int]] = set()
    for service, found in redirects(services, operators):
        for redirect in found:
            for other in redirect.spared:
                if (redirect.hostname, id(other)) not in told and other.app.written != service.app.written:
                    told.add((redirect.hostname, id(other)))
                    where = f"http://{redirect.hostname:.80}{other.path or '':.80}"
                    yield Problem(
                        f'Marathon-LB would redirect "{where}" because of {service.app.written}',
                        other.because("PATH", "VHOST").origin(),
                        _SPARED,
                        (service.because("REDIRECT_TO_HTTPS").origin(),),
                        severity=Severity.INFO,
                    )
