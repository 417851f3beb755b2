"""Tasks out of the replies of a Mesos master: /state, /tasks, /frameworks, /slaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from lbgen.edgelb.tasks import CONTAINER, HOST, MARATHON, Port, Task
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lbgen.edgelb.tasks import Tasks


class Label(TypedDict, total=False):
    """A label of a port."""

    key: str | None
    value: str | None


class Labels(TypedDict, total=False):
    """Labels of a port."""

    labels: list[Label] | None


class DiscoveryPort(TypedDict, total=False):
    """A port that a task offers."""

    number: int | None
    name: str | None
    labels: Labels | None


class DiscoveryPorts(TypedDict, total=False):
    """Ports that a task offers."""

    ports: list[DiscoveryPort] | None


class Discovery(TypedDict, total=False):
    """What a task offers."""

    ports: DiscoveryPorts | None


class IpAddress(TypedDict, total=False):
    """An address of a container."""

    ip_address: str | None


class NetworkInfo(TypedDict, total=False):
    """A network of a container."""

    ip_addresses: list[IpAddress] | None


class ContainerStatus(TypedDict, total=False):
    """What is known of a container."""

    network_infos: list[NetworkInfo] | None


class Status(TypedDict, total=False):
    """What was reported of a task at some time."""

    state: str | None
    timestamp: float | None
    healthy: bool | None
    container_status: ContainerStatus | None


class MesosTask(TypedDict, total=False):
    """A task."""

    id: str
    name: str | None
    framework_id: str | None
    slave_id: str | None
    state: str | None
    statuses: list[Status] | None
    discovery: Discovery | None


class Framework(TypedDict, total=False):
    """A framework, in /state with its tasks."""

    id: str | None
    name: str | None
    tasks: list[MesosTask] | None


class Slave(TypedDict, total=False):
    """An agent."""

    id: str | None
    hostname: str | None


class Reply(TypedDict, total=False):
    """A reply of the master: /state, /tasks, /frameworks or /slaves."""

    frameworks: list[Framework] | None
    tasks: list[MesosTask] | None
    slaves: list[Slave] | None


def is_reply(value: Any) -> bool:
    """Whether the value looks like a reply of a master."""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("frameworks"), list) or isinstance(value.get("slaves"), list):
        return True
    tasks = value.get("tasks")
    return isinstance(tasks, list) and any(isinstance(task, dict) and "framework_id" in task for task in tasks)


def add_tasks(replies: Iterable[Mapping[str, Any]], into: Tasks) -> None:
    """Adds the tasks of checked replies, which complete each other: /tasks names no framework and no agent's host."""
    replies = list(replies)
    frameworks = [framework for reply in replies for framework in reply.get("frameworks") or ()]
    names = {framework.get("id"): framework.get("name") for framework in frameworks}
    hosts = {slave.get("id"): slave.get("hostname") or "" for reply in replies for slave in reply.get("slaves") or ()}
    listed = [(task, task.get("framework_id")) for reply in replies for task in reply.get("tasks") or ()]
    listed += [
        (task, task.get("framework_id") or framework.get("id"))
        for framework in frameworks
        for task in framework.get("tasks") or ()
    ]
    seen: set[tuple[str, str | None]] = set()
    for task, framework_id in listed:
        if (task["id"], framework_id) not in seen and _serves(task, into):
            seen.add((task["id"], framework_id))
            host = hosts.get(task.get("slave_id"), "")
            into.tasks.append(_task(task, framework_id, names.get(framework_id), host))


def _serves(task: Mapping[str, Any], into: Tasks) -> bool:
    """Whether it runs, and is healthy as far as Mesos checks it."""
    if task.get("state") != "TASK_RUNNING":
        into.not_running += 1
        return False
    if _last(task).get("healthy") is False:
        into.unhealthy += 1
        return False
    return True


def _last(task: Mapping[str, Any]) -> Mapping[str, Any]:
    statuses = [status for status in task.get("statuses") or () if status.get("state") in {None, "TASK_RUNNING"}]
    last: Mapping[str, Any] = max(statuses, key=lambda status: status.get("timestamp") or 0, default={})
    return last


def _task(task: Mapping[str, Any], framework_id: str | None, framework: str | None, host: str) -> Task:
    service_id, container = identity(task["id"]) if framework in {None, MARATHON} else (None, None)
    infos = (_last(task).get("container_status") or {}).get("network_infos") or ()
    found = (address.get("ip_address") for info in infos for address in info.get("ip_addresses") or ())
    return Task(
        id=task["id"],
        name=task.get("name") or "",
        framework_id=framework_id,
        framework_name=framework,
        service_id=service_id,
        container=container,
        host=host,
        addresses=tuple(dict.fromkeys(address for address in found if address)),
        ports=tuple(_ports(task)),
    )


def _ports(task: Mapping[str, Any]) -> Iterator[Port]:
    for port in ((task.get("discovery") or {}).get("ports") or {}).get("ports") or ():
        labels = (port.get("labels") or {}).get("labels") or ()
        scope = next((label.get("value") for label in labels if label.get("key") == "network-scope"), HOST)
        yield Port(port.get("number") or 0, port.get("name") or "", CONTAINER if scope == CONTAINER else HOST)


_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_INSTANCE = regex(rf"(?P<id>.+)\.(?:instance|marathon)-{_UUID}(?:\.(?P<container>[^.]+))?(?:\.\d+)?")
_APP = regex(rf"(?P<id>.+)\.{_UUID}(?:\.\d+)?")


def identity(task_id: str) -> tuple[str | None, str | None]:
    """The id of the app or pod, and the name of the container, that Marathon put into the id of a task."""
    match = _INSTANCE.fullmatch(task_id) or _APP.fullmatch(task_id)
    if match is None:
        return None, None
    container = match.groupdict().get("container")
    return f"/{match['id'].replace('_', '/')}", None if container in {None, "$anon", "_app"} else container
