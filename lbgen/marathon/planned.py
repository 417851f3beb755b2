"""Before deployment: tasks and service ports as Marathon might choose them."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.finding import Finding, Severity
from lbgen.marathon import network
from lbgen.marathon.apps import RunningTask, running_task
from lbgen.marathon.deployment import GROUP
from lbgen.marathon.port_order import port_order
from lbgen.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lbgen.marathon.apps import MarathonApp

DOCUMENTATION_HOSTS = 254
"""Addresses of 192.0.2.0/24 that placeholders use, from 192.0.2.1 on."""
FIRST_PORT = 31000
"""The first port of a placeholder on its host, as on an agent of Mesos."""
MOST_TASKS = 10_000
"""Placeholders of one app; an app of more instances gets as many."""

# What Marathon fills in where a definition is silent.
_CHECK_DEFAULTS = {
    "protocol": "HTTP",
    "gracePeriodSeconds": 300,
    "intervalSeconds": 60,
    "timeoutSeconds": 20,
    "maxConsecutiveFailures": 3,
}


@dataclass(slots=True)
class Planned:
    """What had to be chosen: apps that got placeholder tasks, and service ports by app."""

    tasks: list[str] = field(default_factory=list)
    ports: dict[str, list[int]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Held:
    """Service ports that are held for somebody, which nobody else gets; `of` has them by `/app:index`."""

    ports: frozenset[int] = frozenset()
    of: Mapping[str, int] = field(default_factory=dict)


NOTHING = Held()


def complete(
    apps: list[MarathonApp],
    tasks: Mapping[str, list[dict[str, Any]]],
    *,
    service_ports: range,
    taken: Iterable[int],
    held: Held = NOTHING,
) -> tuple[list[MarathonApp], Planned]:
    """The apps, each with tasks and service ports: their own, those of `tasks` by app id, or placeholders.

    Service ports of definitions come out of `service_ports`, none of them `taken`, another app's or `held` for another;
    whoever has one held gets that.
    """
    planned = Planned()
    if not any(_is_definition(app) for app in apps):
        return apps, planned
    joined = [_with_tasks(normalised(app), tasks.get(_absolute(app.id))) for app in apps]
    used = set(taken).union(*(_own_ports(app) for app in joined)) if joined else set(taken)
    chosen = _choose_ports(joined, _Room(service_ports, used, held), planned)
    firsts = _first_placeholders(chosen)
    return [_with_placeholders(app, planned, firsts.get(app.id, 0)) for app in chosen], planned


def _first_placeholders(apps: Iterable[MarathonApp]) -> dict[str, int]:
    """Where the placeholders of the colours of a deployment group begin, by app id: the colours share a backend."""
    firsts: dict[str, int] = {}
    taken: dict[str, int] = {}
    for app in sorted((app for app in apps if app.tasks is None and GROUP in app.labels), key=lambda app: app.id):
        group = _absolute(app.labels[GROUP])
        firsts[app.id] = taken.get(group, 0)
        taken[group] = firsts[app.id] + min(app.fields.get("instances", 1), MOST_TASKS)
    return firsts


def _absolute(app_id: str) -> str:
    return app_id if app_id.startswith("/") else f"/{app_id}"


def absolute_id(app: MarathonApp) -> str:
    """The id that the app will have: Marathon makes that of a definition absolute."""
    return _absolute(app.id) if _is_definition(app) else app.id


def _is_definition(app: MarathonApp) -> bool:
    return "tasks" not in app.fields


def normalised(app: MarathonApp) -> MarathonApp:
    """A definition as Marathon would give it back: defaults of ports and checks filled in, the id absolute."""
    if not _is_definition(app):
        return app
    fields = dict(app.fields)
    networking = network.mode(fields)
    if networking == network.HOST and "ports" not in fields and "portDefinitions" not in fields:
        fields["portDefinitions"] = [{"port": 0}]
    if networking == network.BRIDGE:
        fields = _with_service_ports(fields)
    if checks := fields.get("healthChecks"):
        fields["healthChecks"] = [_with_defaults(check) for check in checks]
    absolute = absolute_id(app)
    return replace(app, ref=replace(app.ref, id=absolute, written=absolute), fields=fields)


def _with_service_ports(fields: dict[str, Any]) -> dict[str, Any]:
    filled = [{**mapping, "servicePort": mapping.get("servicePort") or 0} for mapping in network.mappings(fields)]
    container = dict(fields.get("container") or {})
    container["docker"] = {**(container.get("docker") or {}), "portMappings": None}
    return {**fields, "container": {**container, "portMappings": filled}}


def _with_defaults(check: Mapping[str, Any]) -> dict[str, Any]:
    filled = _CHECK_DEFAULTS | {key: value for key, value in check.items() if value is not None}
    if "port" not in filled:
        filled.setdefault("portIndex", 0)
    return filled


def _with_tasks(app: MarathonApp, found: list[dict[str, Any]] | None) -> MarathonApp:
    if found is None or app.tasks is not None:
        return app
    fields = app.fields
    ports = next((task["servicePorts"] for task in found if task.get("servicePorts")), None)
    if ports and _has_open_ports(app):
        fields = _set_ports(fields, ports)
    return replace(app, fields=fields, tasks=[running_task(task) for task in found])


def _has_open_ports(app: MarathonApp) -> bool:
    return 0 in network.service_ports(app.fields, network.mode(app.fields))


def _set_ports(fields: Mapping[str, Any], ports: list[int]) -> dict[str, Any]:
    """The fields with these service ports in place of the declared ones, wherever this networking mode has them."""
    if network.mode(fields) in {network.BRIDGE, network.CONTAINER} and network.mappings(fields):
        declared = list(network.mappings(fields))
        filled = [{**mapping, "servicePort": port} for mapping, port in zip(declared, ports, strict=False)]
        container = dict(fields.get("container") or {})
        container["docker"] = {**(container.get("docker") or {}), "portMappings": None}
        return {**fields, "container": {**container, "portMappings": filled + declared[len(filled) :]}}
    return {**fields, "portDefinitions": [{"port": port} for port in ports]}


def _own_ports(app: MarathonApp) -> set[int]:
    declared = {port for port in network.service_ports(app.fields, network.mode(app.fields)) if port}
    renamed = (value for key, value in app.labels.items() if key.startswith("HAPROXY_") and key.endswith("_PORT"))
    return declared | {int(value) for value in renamed if value.strip().isdecimal() and len(value) < 6}


class _Room(NamedTuple):
    """Where service ports come from, those that are used, and those that are held."""

    ports: range
    used: set[int]
    held: Held


def _choose_ports(apps: list[MarathonApp], room: _Room, planned: Planned) -> list[MarathonApp]:
    chosen = {}
    for app in sorted((app for app in apps if _is_definition(app) and _has_open_ports(app)), key=lambda app: app.id):
        try:
            chosen[id(app)] = _with_chosen_ports(app, room, planned)
        except LookupError:
            planned.left_out.add(app.id)
            text = f"no service port is free between {room.ports.start} and {room.ports.stop - 1}"
            origin = Origin(app.ref.document, app.ref.pointer, app.id)
            help_ = "Marathon could not deploy it either; give it a port of its own, or a wider range"
            planned.findings.append(Finding("no-free-service-port", Severity.ERROR, text, origin, help=help_))
    return [chosen.get(id(app), app) for app in apps if app.id not in planned.left_out]


def _with_chosen_ports(app: MarathonApp, room: _Room, planned: Planned) -> MarathonApp:
    declared = network.service_ports(app.fields, network.mode(app.fields))
    ports = []
    for index, port in enumerate(declared):
        if not port:
            port = _free_port(app, index, room)  # noqa: PLW2901 - the port that takes its place
            room.used.add(port)
            if f"HAPROXY_{index}_PORT" not in app.labels:
                planned.ports.setdefault(app.id, []).append(port)
        ports.append(port)
    return replace(app, fields=_set_ports(app.fields, ports))


def _free_port(app: MarathonApp, index: int, room: _Room) -> int:
    """The port that is held for the app, or for its deployment group, and is free, or else any that is."""
    group = app.labels.get(GROUP)
    holder = f"{app.id}:{index}"
    for own in (holder, f"{_absolute(group)}:{index}" if group else holder):
        port = room.held.of.get(own)
        if port is not None and port not in room.used:
            return port
    for port in port_order(holder, room.ports):
        if port not in room.used and port not in room.held.ports:
            return port
    raise LookupError


def _with_placeholders(app: MarathonApp, planned: Planned, first: int) -> MarathonApp:
    if app.tasks is not None:
        return app
    planned.tasks.append(app.id)
    wanted = app.fields.get("instances", 1)
    if wanted > MOST_TASKS:
        text = f"{wanted} instances; placeholders are planned for the first {MOST_TASKS}"
        origin = Origin(app.ref.document, f"{app.ref.pointer}/instances", app.id)
        planned.findings.append(Finding("many-instances", Severity.WARNING, text, origin))
    networking = network.mode(app.fields)
    ports = max(len(network.service_ports(app.fields, networking)), len(network.mappings(app.fields)), 1)
    tasks = [_placeholder(app.id, index, first, ports) for index in range(min(wanted, MOST_TASKS))]
    return replace(app, tasks=tasks)


def _placeholder(app_id: str, index: int, first: int, ports: int) -> RunningTask:
    place = first + index
    address = f"192.0.2.{place % DOCUMENTATION_HOSTS + 1}"
    start = FIRST_PORT + place // DOCUMENTATION_HOSTS * ports
    name = f"{app_id.strip('/').replace('/', '_')}.planned-{index:05}"
    return RunningTask(name, address, tuple(range(start, start + ports)), address, "TASK_RUNNING", (True,))
