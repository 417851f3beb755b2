"""A service port is no port.

## What it does

Looks at the service ports that an app declares, and at `HAPROXY_{n}_PORT` in their place. Ports are 1 to 65535. Port 0
in a definition asks Marathon to choose one, and is told of as information only.

## Why is this bad?

HAProxy refuses the whole file. The portable dialect leaves the app out, so that the others are served; Marathon-LB
looks for the app at fault by trying out one after the other.

## Use instead

A port of the range that Marathon chooses from, or 0 before the app is deployed:

```json
"portDefinitions": [{ "port": 10001 }]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.ports.address import MOST
from lbgen.ports.apps import Declared
from lbgen.ports.claim import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every service port out of range."""
    declared = Declared.of(app.app)
    for service in app.services if app.groups else ():
        if 1 <= service.port <= MOST:
            continue
        kind, _, origin = declared.asked(service)
        if kind is Kind.PLANNED and service.port == 0 and app.app.tasks is None:
            help_ = "HAPROXY_n_PORT chooses one that clients can know beforehand"
            message = f"the service port at index {service.index} is chosen by Marathon when the app is deployed"
            yield Problem(message, origin, help_, severity=Severity.INFO)
        elif kind is not Kind.AUTOMATIC:
            yield Problem(f"{_short(service.port)} is no port: ports are 1 to {MOST}", origin, _help(app))


def _short(port: int) -> str:
    return str(port) if abs(port) < 10**12 else f"a number of more than twelve digits (1e{port.bit_length() * 3 // 10})"


def _help(app: App) -> str:
    who = "the app is left out" if app.context.portable else "HAProxy refuses the file, and Marathon-LB drops the app"
    first, last = app.context.service_ports.start, app.context.service_ports.stop - 1
    return f"{who}; service ports are usually {first} to {last}"
