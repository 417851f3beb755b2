"""One server stands twice in a backend.

## What it does

Looks for tasks of an app that run on one host and port, for services of a pool's backend that are the same address or
select the same tasks and ports, and in a hand-written haproxy.cfg for servers of one name, or of one address and port,
in one section.

## Why is this bad?

HAProxy refuses two servers of one name in a backend. Under two names a server gets twice the connections that it
should, twice the checks, and twice its `maxconn`. Two tasks cannot listen on one port of one host, so one of them is
gone, or the document was put together of several replies. The portable dialect writes one server for both.

## Use instead

One line for each address; a line that another repeats word for word, the fix takes away. `weight` gives a server more
than the others:

```
server big 10.0.0.1:8080 weight 200
server small 10.0.0.2:8080 weight 100
```
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.directives import written
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from lbgen.edgelb.pool import Service as PoolService
    from lbgen.haproxy.parse import Directive, Section
    from lbgen.lint.subjects import Configuration, Fleet, Pool
    from lbgen.model.service import Service
    from lbgen.origin import Origin

_SOFT = Severity.WARNING


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every server that is there already."""
    severity = Severity.WARNING if fleet.context.portable else Severity.ERROR
    for balancer in fleet.balancers:
        for service in balancer.services:
            yield from _tasks(service, severity)
    for pool in fleet.pools:
        yield from _pool(pool)
    for configuration in fleet.configurations:
        if not configuration.generated:
            for section in configuration.config.sections:
                yield from _section(configuration, section)


def _tasks(service: Service, severity: Severity) -> Iterator[Problem]:
    seen: set[tuple[str, str, int]] = set()
    for server in service.servers:
        place = server.host, server.address, server.port
        if place in seen:
            message = f"two tasks are on {server.host:.80}:{server.port}, and become two servers of one name"
            help_ = "a port of a host has one task; Marathon-LB writes both, and HAProxy refuses that"
            yield Problem(message, service.app.because().origin(), help_, severity=severity)
            return
        seen.add(place)


def _pool(pool: Pool) -> Iterator[Problem]:
    for backend in pool.pool.backends:
        seen: dict[Hashable, PoolService] = {}
        for service in backend.services:
            first = seen.setdefault(_selects(service), service)
            if first is not service:
                message = f'the backend "{backend.name:.60}" has this service already; its servers are written once'
                help_ = "leave one of them out; a weight belongs into miscStr"
                where, other = pool.at(service.at), pool.at(first.at)
                yield Problem(message, where, help_, (other,), fix=_left_out(service, first, where), severity=_SOFT)


def _left_out(service: PoolService, first: PoolService, where: Origin) -> Fix | None:
    """The service taken out of the list, where it is as the other one in everything."""
    if replace(service, at=first.at) != first:
        return None
    return Fix("leave it out", (Edit(where.document, None, where.pointer),), safe=True)


def _selects(service: PoolService) -> Hashable:
    endpoint: Any = service.endpoint
    if endpoint.type == "ADDRESS":
        return endpoint.address, endpoint.port
    return service.wanted, endpoint.type, endpoint.port, endpoint.port_name, endpoint.all_ports


def _dropped(configuration: Configuration, server: Directive, first: Directive) -> Fix | None:
    """The line taken away, where it says what another says."""
    where = written(configuration, server) if server.values == first.values else None
    edit = where.replaced(0, len(where.text or ""), "") if where is not None else None
    return Fix("drop the line", (edit,), safe=True) if edit is not None else None


def _section(configuration: Configuration, section: Section) -> Iterator[Problem]:
    named: dict[str, Directive] = {}
    placed: dict[str, Directive] = {}
    for server in section.named("server"):
        name, address = (*server.values, "", "")[:2]
        if not name or not address:
            continue
        first = named.setdefault(name, server)
        if first is not server:
            message = f'the server "{name:.60}" is in this section already, in line {first.line}'
            help_ = "HAProxy refuses two servers of one name"
            yield Problem(message, configuration.origin(server.line), help_, fix=_dropped(configuration, server, first))
            continue
        if {"disabled", "backup"} & set(server.values):
            continue
        first = placed.setdefault(address, server)
        if first is not server:
            message = (
                f'{address:.80} is a server of this section already: "{first.values[0]:.60}", in line {first.line}'
            )
            help_ = "it gets twice the connections and checks; weight gives a server more than others"
            yield Problem(message, configuration.origin(server.line), help_, severity=Severity.WARNING)
