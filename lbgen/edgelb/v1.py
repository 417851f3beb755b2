"""Pools of V1 in the words of V2."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS: Mapping[str, str] = {
    "endpoint": "port",
    "endpoint/type": "type",
    "endpoint/address": "port/vip",
    "endpoint/port": "port/vip",
    "endpoint/portName": "port/name",
    "endpoint/allPorts": "port/all",
    "endpoint/check/customStr": "check/customStr",
    "endpoint/miscStr": "miscStr",
    "mesos/frameworkName": "framework/value",
    "mesos/frameworkNamePattern": "framework/value",
    "mesos/taskName": "task/value",
    "mesos/taskNamePattern": "task/value",
}
"""Where the members of a V2 service are written in a V1 server."""

_SUFFIX = {"EXACT": "", "REGEX": "Pattern"}


class Vip(NamedTuple):
    """The address that a virtual address stands for; `port` is -1 where it names none."""

    host: str
    port: int


def vip(text: str, framework: str) -> Vip:
    """The address of `/name:port` of this framework, of `host:port`, or of `host`."""
    host, _, port = text.rpartition(":")
    if not re.fullmatch(r"[0-9]{1,5}", port):
        host, port = text, "-1"
    if host.startswith("/"):
        host = f"{host.replace('/', '')}.{framework}.l4lb.thisdcos.directory"
    return Vip(host, int(port))


def is_vip(server: Mapping[str, Any]) -> bool:
    """Whether the server is a virtual address: it says so, or has nothing but one."""
    port = server.get("port") or {}
    kind = server.get("type") or "AUTO_IP"
    return kind == "VIP" or bool(kind == "AUTO_IP" and port.get("vip") and not port.get("name") and not port.get("all"))


def service(server: Mapping[str, Any]) -> dict[str, Any]:
    """The V1 server as a V2 service."""
    selector, endpoint = _address(server) if is_vip(server) else _selected(server)
    endpoint |= {key: server[key] for key in ("check", "miscStr") if key in server}
    return ({"mesos": selector} if selector else {}) | {"endpoint": endpoint}


def _address(server: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    text = (server.get("port") or {}).get("vip")
    if not text:
        return {}, {"type": "VIP"}
    found = vip(text, (server.get("framework") or {}).get("value") or "")
    return {}, {"type": "ADDRESS", "address": found.host, "port": found.port}


def _selected(server: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    selector = {}
    for key, member in (("frameworkName", "framework"), ("taskName", "task")):
        matched = server.get(member) or {}
        if "value" in matched:
            selector[key + _SUFFIX.get(matched.get("match") or "EXACT", "")] = matched["value"]
    port = server.get("port") or {}
    endpoint = {"type": server["type"]} if server.get("type") else {}
    endpoint |= {to: port[key] for key, to in (("name", "portName"), ("all", "allPorts")) if key in port}
    return selector, endpoint


def converted(pool: Mapping[str, Any]) -> dict[str, Any]:
    """The V1 pool as a V2 pool: a copy, but for its servers."""
    made = {"apiVersion": "V2", **{key: value for key, value in pool.items() if key != "apiVersion"}}
    haproxy = pool.get("haproxy")
    if isinstance(haproxy, dict) and haproxy.get("backends"):
        made["haproxy"] = {**haproxy, "backends": [_backend(backend) for backend in haproxy["backends"]]}
    return made


def _backend(backend: Mapping[str, Any]) -> dict[str, Any]:
    return {
        ("services" if key == "servers" else key): [service(server) for server in value or ()]
        if key == "servers"
        else value
        for key, value in backend.items()
    }
