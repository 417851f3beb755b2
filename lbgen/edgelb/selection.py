"""Which tasks a service selects, and the servers that they are."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.edgelb import re2
from lbgen.edgelb.checks.texts import is_host
from lbgen.edgelb.checks.words import close_to
from lbgen.edgelb.said import Said, info, warning
from lbgen.edgelb.servers import ADDRESS, AGENT, CONTAINER, Server
from lbgen.edgelb.tasks import HOST, MARATHON, Port

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.edgelb.pool import Pool, Service, Wanted
    from lbgen.edgelb.tasks import Task, Tasks

_FIELDS: Mapping[str, str] = {
    "marathon/serviceID": "service_id",
    "marathon/containerName": "container",
    "mesos/frameworkName": "framework_name",
    "mesos/frameworkID": "framework_id",
    "mesos/taskName": "name",
    "mesos/taskID": "id",
}
"""What of a task a selector looks at."""


@dataclass(slots=True)
class Selected:
    """The servers of each service, by its pointer, and what is to be said."""

    servers: dict[str, list[Server]] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)


def select(pool: Pool, tasks: Tasks) -> Selected:
    """The servers of all services of the pool."""
    made = Selected()
    known = tasks.in_order()
    for backend in pool.backends:
        for service in backend.services:
            made.servers[service.at] = list(_servers(service, known, tasks, made.said))
    return made


def _servers(service: Service, known: Sequence[Task], tasks: Tasks, said: list[Said]) -> Iterator[Server]:
    endpoint = service.endpoint
    if endpoint.type == "ADDRESS":
        yield Server(ADDRESS, endpoint.address, endpoint.port)
        return
    found = [task for task in known if matches(service, task)]
    if not found:
        said.append(_matches_nothing(service, known, tasks))
        return
    offering = [(task, list(_ports(service, task))) for task in found]
    if not any(ports for _, ports in offering):
        said.append(_no_such_port(service, found))
    for task, ports in offering:
        for port in ports:
            yield from _reached(service, task, port, said)


def matches(service: Service, task: Task) -> bool:
    """Whether the task is one that the service selects; of what nobody told, nothing is asked."""
    by_marathon = any(wanted.set for wanted in service.wanted if wanted.key.startswith("marathon/"))
    if by_marathon and task.framework_name not in {None, MARATHON}:
        return False
    return all(_meets(wanted, getattr(task, _FIELDS[wanted.key])) for wanted in service.wanted if wanted.set)


def _meets(wanted: Wanted, value: str | None) -> bool:
    if value is None:
        # A reply of /tasks names no frameworks; whoever is no app has no id of one.
        return wanted.key.startswith("mesos/framework")
    return re2.pattern(wanted.pattern).found_in(value) if wanted.pattern else value == wanted.exact


def _ports(service: Service, task: Task) -> Iterator[Port]:
    """The ports of the task that are asked for; a number in the pool takes the place of theirs."""
    endpoint = service.endpoint
    if endpoint.all_ports:
        found = list(task.ports)
    elif endpoint.port_name or endpoint.port <= 0:
        found = [port for port in task.ports if port.name == endpoint.port_name]
    else:
        found = list(task.ports[:1])
    if endpoint.port <= 0:
        yield from found
        return
    # Tasks without any port are reached by the number alone.
    scopes = {port.scope for port in found} if found or endpoint.port_name else {HOST}
    yield from (Port(endpoint.port, scope=scope) for scope in sorted(scopes))


def _reached(service: Service, task: Task, port: Port, said: list[Said]) -> Iterator[Server]:
    """The servers of one port of a task: on its agent, or on each of its own addresses."""
    kind = service.endpoint.type
    on_agent = kind == "AGENT_IP" or (kind == "AUTO_IP" and port.scope == HOST)
    hosts = _agent(task) if on_agent else task.addresses
    usable = [host for host in hosts if is_host(host)]
    if not usable or not 1 <= port.number <= 65535:
        what = "its agent's address" if on_agent else "an address of its container"
        lacks = what if not usable else "a usable port"
        message = f'the task "{task.id:.80}" is left out: {lacks} is not known'
        said.append(warning("task-without-address", service.at, message))
        return
    for host in usable:
        yield Server(AGENT if on_agent else CONTAINER, host, port.number)


def _agent(task: Task) -> tuple[str, ...]:
    """The agent's host name; where nobody told, a task on its agent's network has the agent's address."""
    return (task.host,) if task.host else task.addresses[:1]


def _matches_nothing(service: Service, known: Sequence[Task], tasks: Tasks) -> Said:
    wanted = [each for each in service.wanted if each.set]
    described = " and ".join(f"{each.written.partition('/')[2]} {each.pattern or each.exact}" for each in wanted)
    message = f"no running task has {described:.160}: the backend answers 503 until one has"
    if tasks.not_running or tasks.unhealthy:
        message += f" (tasks that do not run: {tasks.not_running}, unhealthy ones: {tasks.unhealthy})"
    pointer = service.pointer(wanted[-1].written) if wanted else service.at
    return warning("matches-nothing", pointer, message, _nearest(wanted, known))


def _nearest(wanted: Sequence[Wanted], known: Sequence[Task]) -> str:
    """What the first selector that no task meets could have said."""
    if not known:
        return "there is no task at all: does --tasks name the right file?"
    for each in wanted:
        values = sorted({str(value) for task in known if (value := getattr(task, _FIELDS[each.key])) is not None})
        if values and not any(_meets(each, value) for value in values):
            return close_to(re.sub(r"[^\w./-]", "", each.pattern or each.exact), values)
    return ""


def _no_such_port(service: Service, found: Sequence[Task]) -> Said:
    names = sorted({port.name for task in found for port in task.ports if port.name})
    name = service.endpoint.port_name
    asked = f'no port called "{name:.60}"' if name else "no port"
    who = f'"{found[0].id:.80}" has' if len(found) == 1 else f"the {len(found)} tasks that are selected have"
    message = f"{who} {asked}: the backend answers 503"
    help_ = f"there are: {', '.join(names[:8])}" if names else "their ports have no names" if found[0].ports else ""
    return warning("no-such-port", service.pointer("endpoint/portName" if name else "endpoint"), message, help_)


def planned(pool: Pool) -> Selected:
    """Servers on 192.0.2.0/24 in place of tasks that nobody told of; services that select alike share an address."""
    made = Selected()
    hosts: dict[tuple[Wanted, ...], str] = {}
    names: dict[tuple[Wanted, ...], list[str]] = {}
    stands = False
    for backend in pool.backends:
        for service in backend.services:
            endpoint = service.endpoint
            if endpoint.type == "ADDRESS":
                made.servers[service.at] = [Server(ADDRESS, endpoint.address, endpoint.port)]
                continue
            host = hosts.setdefault(service.wanted, f"192.0.2.{len(hosts) % 254 + 1}")
            ports = names.setdefault(service.wanted, [])
            if endpoint.port_name not in ports:
                ports.append(endpoint.port_name)
            port = endpoint.port if endpoint.port > 0 else 31000 + ports.index(endpoint.port_name)
            kind = CONTAINER if endpoint.type == "CONTAINER_IP" else AGENT
            made.servers[service.at] = [Server(kind, host, port)]
            stands = True
    if stands:
        message = "no tasks are given: servers on 192.0.2.0/24 stand for those that the services select"
        made.said.append(info("planned", f"{pool.at}/haproxy/backends", message, "give --tasks for the real ones"))
    return made
