"""Two services, or a service and the load balancer, give one name to their sections.

## What it does

Compares the names of all sections of a load balancer: of a service's frontend and backend (the app's id with `_` for
every `/`, and its port), of a vhost's where 443 is grouped by vhost (the vhost with `_` for what is no letter, digit or
`-`), of those that a label opens by itself, and of the sections of a hand-written haproxy.cfg.

## Why is this bad?

HAProxy refuses two sections of one kind and name, and so the whole file. `/a/b` and `/a_b` come to one name as soon as
their ports are equal, as they may be on two addresses; so do the vhosts `a.b` and `a_b`. With Marathon-LB nothing is
reloaded any more until one of them is gone. The portable dialect leaves one of the two out, and the others go on.

## Use instead

Another service port, or another id:

```json
"HAPROXY_0_PORT": "10002"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.lint.rules.names.sections import opened, services_by_name, vhosts_by_name
from lbgen.origin import Origin, Position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Balancer, Configuration, Fleet
    from lbgen.model.service import Service

_HELP = {
    True: "one of them is left out of the configuration; another port, or another id, makes another name",
    False: "HAProxy refuses the whole file; another port, or another id, makes another name",
}


def check(fleet: Fleet) -> Iterator[Problem]:
    """Names that are given twice, at who comes second."""
    grouped = fleet.context.group_https_by_vhost and fleet.context.bind_http_https
    for balancer in fleet.balancers:
        yield from _services(balancer, portable=fleet.context.portable)
        yield from _opened(balancer)
        if grouped:
            yield from _vhosts(balancer)
    for configuration in fleet.configurations:
        if not configuration.generated:
            yield from _sections(configuration)


def _named(service: Service) -> str:
    return f"{service.app.written}:{service.port}"


def _services(balancer: Balancer, *, portable: bool) -> Iterator[Problem]:
    for name, (first, *others) in services_by_name(balancer.services).items():
        # What one app has twice is a matter of its ports, and `port-twice-in-app`'s.
        for other in (each for each in others if each.app != first.app):
            message = f'makes the name "{name}" for its frontend and backend, which are {_named(first)}\'s'
            yield Problem(message, other.because("PORT").origin(), _HELP[portable], (first.because("PORT").origin(),))


def _opened(balancer: Balancer) -> Iterator[Problem]:
    for head in opened(balancer.services):
        if head.holder:
            message = f"opens '{head.kind} {head.name}', which is {head.holder}'s name"
            yield Problem(message, head.origin, "HAProxy refuses the whole file; choose another name")


def _vhosts(balancer: Balancer) -> Iterator[Problem]:
    for vhost in vhosts_by_name(balancer.services):
        message = (
            f'"{vhost.vhost:.80}" makes the name "{vhost.name:.80}" for its section on 443, as {vhost.holder} does'
        )
        yield Problem(message, vhost.origin, "HAProxy refuses the whole file; this vhost needs another name")


def _sections(configuration: Configuration) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    document = configuration.config.name
    for section in configuration.config.sections:
        if section.kind not in {"frontend", "backend", "listen"} or not section.name:
            continue
        sides = ("frontend", "backend") if section.kind == "listen" else (section.kind,)
        first = next((seen[side, section.name] for side in sides if (side, section.name) in seen), None)
        if first is not None:
            message = f"'{section.header}' has a name that the section in line {first} has already"
            origin = Origin(document, position=Position(section.line, 1))
            related = Origin(document, position=Position(first, 1))
            yield Problem(message, origin, "HAProxy refuses the whole file", (related,))
        for side in sides:
            seen.setdefault((side, section.name), section.line)
