"""The route of an app asks for the password of another one.

## What it does

Looks for apps on a host, or a path, for which another app has `AUTH`.

## Why is this bad?

HAProxy asks for passwords before it looks at any route. `AUTH` of an app without `PATH` is for the whole host: a public
path of another app on it answers 401. Where both have an `AUTH`, a client would need both passwords in one request,
which it cannot send.

## Use instead

A path for the app with the password, or a host of its own:

```json
"HAPROXY_0_PATH": "/admin",
"HAPROXY_0_AUTH": "Admins:anna:$6$..."
```
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
    from lbgen.model.service import Service


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every route that another app's password guards, at whose route it is."""
    yield from once(problem for each in ways(fleet) if each.of_apps for problem in _of(each))


def _of(found: Ways) -> Iterator[Problem]:
    apps = {service.app.written: service for service in found.services.values() if service.auth is not None}
    for shadow in found.configuration.shadows.logins:
        service, because = found.service(shadow.loser.rule), found.owner(shadow.winner.rule)
        if service is None or because is None or because.app == service.app.written or shadow.loser.host is None:
            continue
        if service.auth is not None and _same(service, apps.get(because.app or "")):
            continue
        both = service.auth is not None
        message = f"{shown(shadow.loser)} asks for the password of {because.app}"
        yield Problem(
            f"{message}, and for its own" if both else message,
            found.at(shadow.loser, path=True),
            "give the app with the password a path, or a host of its own",
            (because.origin(),),
            found.configuration.line(shadow.winner.rule.directive),
            severity=Severity.ERROR if both else None,
        )


def _same(service: Service, other: Service | None) -> bool:
    """Whether who has the password of one has that of the other."""
    return (
        other is not None
        and other.auth is not None
        and service.auth is not None
        and (service.auth[1:] == other.auth[1:])
    )
