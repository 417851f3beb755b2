"""HAProxy checks something else than Marathon does.

## What it does

Compares the health check that counts for a service with what becomes of it. The check that counts is the first one that
names a `port`, or the service's number as `portIndex`. A label or template that replaces the check is respected.

| Marathon checks | HAProxy checks |
|---|---|
| a command | `GET /` in http mode, a connection in tcp mode |
| a path over TLS | in http mode, the path in clear text (Marathon-LB) or over TLS (portable); requests are in clear |
| a path | in tcp mode, a connection; of `MESOS_HTTP` and `HTTPS` checks no service becomes one in http mode |
| a `port` | that port, for all services of the app, which all become http services by an HTTP check |

## Why is this bad?

Servers are down for HAProxy that Marathon takes for healthy, so that nobody is served; or up although they answer
nothing.

## Use instead

`HAPROXY_{n}_MODE` says which mode is meant; a check with a `portIndex` is that of one service alone. What HAProxy shall
check in place of a command is said by `HAPROXY_{n}_BACKEND_HTTP_HEALTHCHECK_OPTIONS`, where an empty text leaves the
request out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.labels import asked
from lbgen.lint.rule import Problem
from lbgen.lint.rules.health.differences import difference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.model.service import Service


def check(app: App) -> Iterator[Problem]:
    """What HAProxy checks otherwise, once for each service; checks that belong to no service."""
    services = list(asked(app))
    by_port: dict[str, list[Service]] = {}
    for service in services:
        found = difference(service, app.context)
        if found is not None and service.check is not None:
            yield Problem(found.message, app.at(service.check.pointer), found.help, severity=found.severity)
        elif service.check is not None and service.check.raw.get("port") and service.health_check_port_index is None:
            by_port.setdefault(service.check.pointer, []).append(service)
    for pointer, sharing in by_port.items():
        yield from _shared(app, pointer, sharing)
    if services:
        yield from _of_nobody(app)


def _shared(app: App, pointer: str, sharing: list[Service]) -> Iterator[Problem]:
    """Services whose mode is that of a check which may be another's."""
    swayed = [service for service in sharing if service.index and not service.vhosts and "MODE" not in service.labels]
    protocol = sharing[0].check.protocol if sharing[0].check is not None else ""
    if swayed and protocol == "HTTP":
        ports = ", ".join(str(service.port) for service in swayed[:5])
        message = f"the check names a port, and so counts for all services: it makes http the mode of {ports}"
        help_ = f"say HAPROXY_{swayed[0].index}_MODE, or give the check a portIndex in place of the port"
        yield Problem(message, app.at(f"{pointer}/port"), help_)


def _of_nobody(app: App) -> Iterator[Problem]:
    for index, fields in enumerate(app.app.fields.get("healthChecks") or ()):
        named = fields.get("portIndex")
        if named is not None and not fields.get("port") and app.ports and named not in range(len(app.ports)):
            message = f"the app has no service port of index {named}: HAProxy checks nothing by it"
            yield Problem(message, app.at(f"healthChecks/{index}/portIndex"), "service ports count from 0")
