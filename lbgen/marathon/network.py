"""Networking modes: which service ports an app has, and where its tasks listen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.marathon.apps import MarathonApp, RunningTask

HOST, BRIDGE, CONTAINER = "host", "container/bridge", "container"


def mode(fields: Mapping[str, Any]) -> str:
    """The networking mode; what was said in a later version of Marathon wins."""
    found = HOST
    if fields.get("ipAddress"):
        found = CONTAINER
    network = _docker(fields).get("network")
    if network == "USER":
        found = CONTAINER
    elif network == "BRIDGE":
        found = BRIDGE
    if networks := fields.get("networks"):
        found = networks[-1].get("mode") or CONTAINER
    return found


def _docker(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    container: Mapping[str, Any] = fields.get("container") or {}
    docker: Mapping[str, Any] = container.get("docker") or {}
    return docker


def mappings(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The port mappings of the container, from where this version of Marathon keeps them."""
    inner: list[Mapping[str, Any]] = _docker(fields).get("portMappings") or []
    return inner or (fields.get("container") or {}).get("portMappings") or []


def service_ports(fields: Mapping[str, Any], networking: str) -> list[int]:
    """The declared service ports; 0 where Marathon has yet to choose one."""
    if networking in {BRIDGE, CONTAINER}:
        mapped = [mapping["servicePort"] for mapping in mappings(fields) if mapping.get("servicePort") is not None]
        if mapped:
            return mapped
    defined = _defined_ports(fields)
    return fields.get("ports") or [] if defined is None else defined


def mapping_pointers(fields: Mapping[str, Any]) -> list[str]:
    """Pointers to the port mappings of the container, from the app."""
    inner = _docker(fields).get("portMappings") or []
    where = "container/docker/portMappings" if inner else "container/portMappings"
    return [f"{where}/{index}" for index in range(len(mappings(fields)))]


def service_port_pointers(fields: Mapping[str, Any], networking: str) -> list[str]:
    """Pointers, from the app, to the declared service ports, in their order."""
    if networking in {BRIDGE, CONTAINER}:
        both = zip(mapping_pointers(fields), mappings(fields), strict=True)
        mapped = [f"{pointer}/servicePort" for pointer, mapping in both if mapping.get("servicePort") is not None]
        if mapped:
            return mapped
    definitions = fields.get("portDefinitions")
    if definitions is None:
        return [f"ports/{index}" for index in range(len(fields.get("ports") or []))]
    numbered = enumerate(definitions)
    return [f"portDefinitions/{index}/port" for index, each in numbered if each.get("port") is not None]


def _defined_ports(fields: Mapping[str, Any]) -> list[int] | None:
    definitions = fields.get("portDefinitions")
    if definitions is None:
        return None
    return [definition["port"] for definition in definitions if definition.get("port") is not None]


def task_ports(app: MarathonApp, task: RunningTask | None, networking: str) -> list[int]:
    """The ports that the task listens on, in the order in which they are paired with the service ports."""
    fields = app.fields
    if networking in {HOST, BRIDGE}:
        if task is not None and task.ports:
            return list(task.ports)
        found = _defined_ports(fields) or []
        return found or (_container_ports(fields) if networking == BRIDGE else [])
    discovered = ((fields.get("ipAddress") or {}).get("discovery") or {}).get("ports") or []
    numbers = [port["number"] for port in discovered if port.get("number") is not None]
    return numbers or _container_ports(fields)


def _container_ports(fields: Mapping[str, Any]) -> list[int]:
    return [mapping["containerPort"] for mapping in mappings(fields) if mapping.get("containerPort") is not None]
