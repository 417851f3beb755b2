"""Tasks out of what Marathon knows: apps and pods, with their tasks or before deployment, and replies of /v2/tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.edgelb.tasks import CONTAINER, HOST, MARATHON, Port, Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.edgelb.tasks import Tasks


MOST_TASKS = 1000
"""Placeholders of one app or pod."""
FIRST_PORT = 31000
"""The first port of a placeholder on its agent."""


class Hosts(NamedTuple):
    """Placeholders of agents: addresses of 192.0.2.0/24, which is for documentation."""

    taken: list[str]

    def next(self) -> str:
        """The next address; behind the last comes the first again."""
        self.taken.append(f"192.0.2.{len(self.taken) % 254 + 1}")
        return self.taken[-1]


def add_app(app: Mapping[str, Any], extra: Sequence[Mapping[str, Any]], into: Tasks, hosts: Hosts) -> None:
    """Adds the tasks of a checked app: its own, those of /v2/tasks, or placeholders where it has none of both."""
    app_id = f"/{app['id'].strip('/')}"
    shapes = _shapes(app)
    listed = app.get("tasks")
    if listed is None and not extra:
        for index in range(min(_instances(app.get("instances")), MOST_TASKS)):
            into.tasks.append(_placeholder(app_id, None, f"planned-{index:05}", shapes, hosts.next()))
        return
    mesos_checks = any(
        str(check.get("protocol")).startswith(("MESOS_", "COMMAND")) for check in app.get("healthChecks") or ()
    )
    for task in [*(listed or ()), *extra]:
        if task.get("state") not in {None, "TASK_RUNNING"}:
            into.not_running += 1
        elif mesos_checks and any(
            result and result.get("alive") is False for result in task.get("healthCheckResults") or ()
        ):
            into.unhealthy += 1
        else:
            into.tasks.append(_app_task(app_id, task, shapes))


def _instances(number: int | None) -> int:
    return 1 if number is None else number


class _Shape(NamedTuple):
    """A port of an app: its name, whose number counts, and that number where it does not depend on the task."""

    name: str
    scope: str
    number: int | None


def _shapes(app: Mapping[str, Any]) -> list[_Shape]:
    container = app.get("container") or {}
    docker = container.get("docker") or {}
    mappings = container.get("portMappings") or docker.get("portMappings")
    modes = [network.get("mode") for network in app.get("networks") or ()]
    bridged = "container/bridge" in modes or docker.get("network") == "BRIDGE"
    if mappings is not None and ("container" in modes or bridged or docker.get("network") == "USER"):
        return [_mapped(mapping, bridged=bridged) for mapping in mappings]
    definitions = app.get("portDefinitions")
    if definitions is None:
        return [_Shape("", HOST, None) for _ in app.get("ports") or (0,)]
    return [_Shape(definition.get("name") or "", HOST, None) for definition in definitions]


def _mapped(mapping: Mapping[str, Any], *, bridged: bool) -> _Shape:
    if bridged or mapping.get("hostPort") is not None:
        return _Shape(mapping.get("name") or "", HOST, mapping.get("hostPort") or None)
    return _Shape(mapping.get("name") or "", CONTAINER, mapping.get("containerPort") or None)


def _app_task(app_id: str, task: Mapping[str, Any], shapes: Sequence[_Shape]) -> Task:
    numbers = iter(task.get("ports") or ())
    ports = []
    for shape in shapes:
        number = next(numbers, None) if shape.scope == HOST else shape.number
        if number is not None:
            ports.append(Port(number, shape.name, shape.scope))
    # What an unknown app has beyond its shapes has no name.
    ports += [Port(number) for number in numbers]
    return Task(
        id=task["id"],
        name=_mesos_name(app_id),
        framework_name=MARATHON,
        service_id=app_id,
        host=task.get("host") or "",
        addresses=tuple(each["ipAddress"] for each in task.get("ipAddresses") or () if each.get("ipAddress")),
        ports=tuple(ports),
    )


def _mesos_name(app_id: str) -> str:
    """What Mesos calls the tasks of an app: the parts of its id, the last one first."""
    return ".".join(reversed(app_id.strip("/").split("/")))


def _placeholder(service_id: str, container: str | None, suffix: str, shapes: Sequence[_Shape], host: str) -> Task:
    ports = (Port(shape.number or FIRST_PORT + index, shape.name, shape.scope) for index, shape in enumerate(shapes))
    return Task(
        id=f"{service_id.strip('/').replace('/', '_')}.{suffix}",
        name=container or _mesos_name(service_id),
        framework_name=MARATHON,
        service_id=service_id,
        container=container,
        host=host,
        addresses=(host,),
        ports=tuple(ports),
        planned=True,
    )


def add_pod(pod: Mapping[str, Any], into: Tasks, hosts: Hosts) -> None:
    """Adds placeholders for the containers of a checked pod that is not deployed."""
    modes = [network.get("mode") for network in pod.get("networks") or ()]
    service_id = f"/{pod['id'].strip('/')}"
    for index in range(min(_instances((pod.get("scaling") or {}).get("instances")), MOST_TASKS)):
        host = hosts.next()
        for container in pod.get("containers") or ():
            shapes = [_endpoint(endpoint, "container" in modes) for endpoint in container.get("endpoints") or ()]
            suffix = f"planned-{index:05}.{container['name']}"
            into.tasks.append(_placeholder(service_id, container["name"], suffix, shapes, host))


def _endpoint(endpoint: Mapping[str, Any], contained: bool) -> _Shape:
    name = endpoint.get("name") or ""
    if contained and endpoint.get("hostPort") is None:
        return _Shape(name, CONTAINER, endpoint.get("containerPort") or None)
    return _Shape(name, HOST, endpoint.get("hostPort") or None)


def add_pod_status(status: Mapping[str, Any], into: Tasks) -> None:
    """Adds the containers of a pod's instances, out of a checked reply of /v2/pods/::status."""
    service_id = f"/{status['id'].strip('/')}"
    spec = {each["name"]: each for each in (status.get("spec") or {}).get("containers") or ()}
    for instance in status.get("instances") or ():
        if instance.get("status") not in {None, "STABLE", "DEGRADED"}:
            into.not_running += 1
            continue
        for container in instance.get("containers") or ():
            if container.get("status") not in {None, "TASK_RUNNING"}:
                into.not_running += 1
                continue
            into.tasks.append(_pod_task(service_id, instance, container, spec.get(container["name"], {})))


def _pod_task(
    service_id: str, instance: Mapping[str, Any], container: Mapping[str, Any], spec: Mapping[str, Any]
) -> Task:
    addresses = (address for network in instance.get("networks") or () for address in network.get("addresses") or ())
    return Task(
        id=container.get("containerId") or f"{instance['id']}.{container['name']}",
        name=container["name"],
        framework_name=MARATHON,
        service_id=service_id,
        container=container["name"],
        host=instance.get("agentHostname") or "",
        addresses=tuple(addresses),
        ports=tuple(_pod_ports(container, spec)),
    )


def _pod_ports(container: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Port]:
    """The ports that an instance was given; a port without a host's number is the container's own."""
    inner = {each.get("name"): each.get("containerPort") for each in spec.get("endpoints") or ()}
    for endpoint in container.get("endpoints") or ():
        name = endpoint.get("name") or ""
        allocated = endpoint.get("allocatedHostPort") or endpoint.get("hostPort")
        number = allocated or endpoint.get("containerPort") or inner.get(name)
        if number:
            yield Port(number, name, HOST if allocated else CONTAINER)
