"""Reservations while generating: planned ports avoid them, and apps that are on one of others are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import Finding, Severity
from lbgen.marathon import planned
from lbgen.marathon.services import ServiceOptions, services
from lbgen.ports.address import read_addresses
from lbgen.ports.apps import Declared, key_of
from lbgen.ports.claim import Kind
from lbgen.ports.holders import Holders
from lbgen.ports.reserved import Asked, Reserved, advice, message
from lbgen.ports.spoken_for import spoken_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.marathon.apps import MarathonApp
    from lbgen.model.service import Service
    from lbgen.origin import Origin
    from lbgen.pipeline.inputs import Inputs
    from lbgen.pipeline.options import Options
    from lbgen.ports.reservation import Reservation


def taken(apps: Iterable[MarathonApp], options: Options) -> Iterator[int]:
    """The ports that nobody is to get who does not care: the load balancer's own, and those that labels ask for."""
    yield from options.lb_ports
    yield from spoken_for(apps, options.auto_ports)


def held(options: Options) -> planned.Held:
    """What nobody else may be given in the groups that are served."""
    wanted = set(options.groups)
    found = [
        each
        for each in options.reservations
        if each.protocol == "tcp" and (not wanted or "*" in wanted or each.scope in wanted)
    ]
    if not found:
        return planned.NOTHING
    ports = frozenset(port for each in found for port in each.ports)
    return planned.Held(ports, {each.holder: each.first_port for each in found})


def by_scope(reservations: Iterable[Reservation]) -> dict[str, tuple[Reservation, ...]]:
    """The reservations of each scope."""
    found: dict[str, list[Reservation]] = {}
    for each in reservations:
        found.setdefault(each.scope, []).append(each)
    return {scope: tuple(members) for scope, members in found.items()}


class Misplaced(NamedTuple):
    """An app on a port that is reserved for somebody else, what is to be said of it, and whether it runs already."""

    app: MarathonApp
    finding: Finding
    runs: bool


def on_ports_of_others(inputs: Inputs, options: Options) -> list[Misplaced]:
    """The apps that are served on a port that is reserved for somebody else."""
    if not options.reservations:
        return []
    complete, _ = planned.complete(
        inputs.apps,
        inputs.tasks,
        service_ports=options.service_ports,
        taken=taken(inputs.apps, options),
        held=held(options),
    )
    asked = ServiceOptions(
        groups=options.groups, strict=options.strict_mode, auto_ports=options.auto_ports, resolve=lambda host: host
    )
    found = services(complete, asked).services
    return list(_found(found, inputs, options))


def _found(found: list[Service], inputs: Inputs, options: Options) -> Iterator[Misplaced]:
    apps = {key_of(app.ref): app for app in inputs.apps}
    holders, reserved = Holders(inputs.apps), Reserved(options.reservations)
    for service in found:
        app = apps.get(key_of(service.app))
        kind, _, origin = Declared.of(app).asked(service) if app is not None else (Kind.PLANNED, "", None)
        if app is None or kind is Kind.PLANNED:
            continue
        for asked in _asked(service, app, options):
            each = reserved.in_the_way(asked, holders.of(app, service.index))
            if each is not None:
                runs = app.tasks is not None or planned.absolute_id(app) in inputs.tasks
                yield Misplaced(app, _finding(each, origin), runs)
                break


def _asked(service: Service, app: MarathonApp, options: Options) -> Iterator[Asked]:
    groups = service.groups if service.groups is not None else app.labels.get("HAPROXY_GROUP", "").split(",")
    for listening in read_addresses(f"{service.bind_addr}:{service.port}"):
        for group in groups:
            if listening.ports is not None and (group in options.groups or "*" in options.groups):
                yield Asked(group, listening.protocol, listening.address.places, listening.ports)


def _finding(each: Reservation, origin: Origin | None) -> Finding:
    return Finding("port-reserved", Severity.ERROR, message(each), origin, help=advice(each))
