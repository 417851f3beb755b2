"""Claims of Kubernetes on the nodes of its cluster: NodePorts of services, and hostPorts of pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.origin import Origin
from lbgen.ports.address import ANY, MOST, Ports, Protocol, read_addresses
from lbgen.ports.claim import Claim, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.ports.address import Address

_TEMPLATES = {
    "Pod": (),
    "Deployment": ("template",),
    "DaemonSet": ("template",),
    "StatefulSet": ("template",),
    "ReplicaSet": ("template",),
    "ReplicationController": ("template",),
    "Job": ("template",),
    "CronJob": ("jobTemplate", "spec", "template"),
}
"""Where in the `spec` of an object of this kind the pod is."""


def is_manifest(value: Any) -> bool:
    """Whether the value is an object of Kubernetes, or a list of such objects, as several documents of one file are."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(each, dict) and is_manifest(each) for each in value)
    return isinstance(value, dict) and isinstance(value.get("kind"), str) and isinstance(value.get("apiVersion"), str)


def kubernetes_claims(value: Any, document: str, node: str, pointer: str = "") -> Iterator[Claim]:
    """The claims of an object, or of all objects of a list, on all nodes of the cluster; `pointer` leads to it."""
    if not is_manifest(value):
        return
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from kubernetes_claims(item, document, node, f"{pointer}/{index}")
        return
    kind = value["kind"]
    if kind == "List" or kind.endswith("List"):
        for index, item in enumerate(_list(value.get("items"))):
            yield from kubernetes_claims(item, document, node, f"{pointer}/items/{index}")
        return
    metadata = _dict(value.get("metadata"))
    name = "/".join(str(metadata[key]) for key in ("namespace", "name") if metadata.get(key))
    made = _Maker(document, node, f"{kind} {name}".strip(), _section(kind, name, f"{document}#{pointer}"))
    if kind == "Service":
        yield from made.of_service(_dict(value.get("spec")), f"{pointer}/spec")
    elif kind in _TEMPLATES:
        yield from made.of_workload(value, _TEMPLATES[kind], pointer)


def _section(kind: str, name: str, where: str) -> str:
    """What the claims of an object belong to; one that several files describe is the same.

    Kubernetes puts pods that want one port on nodes of their own. Those of a DaemonSet are on all nodes.
    """
    if kind not in {"Service", "DaemonSet"}:
        return "pods"
    return f"{kind} {name}" if name else where


class _Maker:
    """Makes the claims of one object."""

    def __init__(self, document: str, node: str, owner: str, section: str) -> None:
        self._document, self._node, self._owner, self._section = document, node, owner, section

    def of_service(self, spec: dict[str, Any], pointer: str) -> Iterator[Claim]:
        """The NodePorts of a service; one that has none yet gets its ports when it is made."""
        if spec.get("type") not in ("NodePort", "LoadBalancer"):
            return
        for index, port in enumerate(_list(spec.get("ports"))):
            number = _dict(port).get("nodePort")
            yield from self._claim(ANY, number, port, Kind.NODE_PORT, f"{pointer}/ports/{index}/nodePort")
        number = spec.get("healthCheckNodePort")
        yield from self._claim(ANY, number, {}, Kind.NODE_PORT, f"{pointer}/healthCheckNodePort")

    def of_workload(self, value: dict[str, Any], path: tuple[str, ...], pointer: str) -> Iterator[Claim]:
        """The ports of the containers of a pod that are ports of its node."""
        spec, at = _dict(value.get("spec")), f"{pointer}/spec"
        for key in path:
            spec, at = _dict(spec.get(key)), f"{at}/{key}"
        if path:
            spec, at = _dict(spec.get("spec")), f"{at}/spec"
        for group in ("containers", "initContainers"):
            for index, container in enumerate(_list(spec.get(group))):
                for number, port in enumerate(_list(_dict(container).get("ports"))):
                    where = f"{at}/{group}/{index}/ports/{number}"
                    yield from self._of_container(_dict(port), where, on_host=spec.get("hostNetwork") is True)

    def _of_container(self, port: dict[str, Any], at: str, *, on_host: bool) -> Iterator[Claim]:
        key = "hostPort" if port.get("hostPort") or not on_host else "containerPort"
        host = port.get("hostIP")
        found = next(read_addresses(f"{host}:1"), None) if isinstance(host, str) and host else None
        yield from self._claim(found.address if found else ANY, port.get(key), port, Kind.HOST_PORT, f"{at}/{key}")

    def _claim(self, address: Address, number: Any, port: Any, kind: Kind, pointer: str) -> Iterator[Claim]:
        if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST:
            return
        protocol = {"TCP": Protocol.TCP, "UDP": Protocol.UDP}.get(str(_dict(port).get("protocol") or "TCP"))
        if protocol is not None:
            yield Claim(
                node=self._node,
                address=address,
                ports=Ports(number, number),
                owner=self._owner,
                how=kind.value,
                kind=kind,
                protocol=protocol,
                section=self._section,
                origins=(Origin(self._document, pointer),),
            )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
