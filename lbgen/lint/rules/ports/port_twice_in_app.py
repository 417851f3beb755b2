"""One app has a service port twice.

## What it does

Compares the service ports of one app with each other, `HAPROXY_{n}_PORT` included.

## Why is this bad?

Marathon-LB keeps services by the port that is declared: the later one takes the place of the earlier, whose labels are
lost, and gets the servers of both. Of two that get one port by a label, frontends and backends have one name each, and
HAProxy refuses the file.

## Use instead

A service port for each:

```json
"portDefinitions": [{ "port": 10001 }, { "port": 10002 }]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.ports.apps import Declared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.model.service import Service
    from lbgen.origin import Origin


def check(app: App) -> Iterator[Problem]:
    """Every service port that an earlier index has, or one that is declared and not asked for by a label."""
    services = [service for service in app.services if service.port > 0] if app.groups else []
    at = Declared.of(app.app)
    by_declared: dict[int, Service] = {}
    lost = set()
    for service in services:
        first = by_declared.setdefault(service.declared_port, service) if service.declared_port else service
        if first is not service:
            lost |= {first.index, service.index}
            says = f"port {service.declared_port} is listed at index {first.index} already, whose labels are lost"
            yield _problem(says, at.at(first.index), at.at(service.index))
    by_port: dict[int, Service] = {}
    for service in sorted(services, key=lambda service: ("PORT" in service.labels, service.index)):
        first = by_port.setdefault(service.port, service)
        if first is not service and not {first.index, service.index} <= lost:
            says = f"port {service.port} is that of index {first.index} already, and both get one name"
            yield _problem(says, at.asked(first)[2], at.asked(service)[2])


def _problem(says: str, first: Origin, again: Origin) -> Problem:
    return Problem(says, again, "give each a port of its own", (first,))
