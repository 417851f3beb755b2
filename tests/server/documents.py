"""Pools and tasks that the tests of the server send and read."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def pool(name: str = "ping-lb", port: int = 15001, **members: Any) -> dict[str, Any]:
    """A pool of V2 with one frontend and one backend."""
    haproxy = {
        "stats": {"bindPort": 0},
        "frontends": [{"bindPort": port, "protocol": "HTTP", "linkBackend": {"defaultBackend": "ping"}}],
        "backends": [
            {
                "name": "ping",
                "protocol": "HTTP",
                "services": [{"marathon": {"serviceID": "/ping"}, "endpoint": {"portName": "web"}}],
            }
        ],
    }
    return {"apiVersion": "V2", "name": name, "haproxy": haproxy, **members}


def pool_v1(name: str = "old-lb", port: int = 15002, **members: Any) -> dict[str, Any]:
    """A pool of V1 with one frontend and one backend."""
    server = {"framework": {"value": "marathon"}, "task": {"value": "ping"}, "port": {"name": "web"}}
    haproxy = {
        "frontends": [{"bindPort": port, "protocol": "HTTP", "linkBackend": {"defaultBackend": "ping"}}],
        "backends": [{"name": "ping", "protocol": "HTTP", "servers": [server]}],
    }
    return {"apiVersion": "V1", "name": name, "haproxy": haproxy, **members}


def app(
    app_id: str = "/ping", host: str = "192.0.2.7", port: int = 31001, labels: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """An app with one running task, as Marathon tells of it."""
    task = {
        "id": f"{app_id.strip('/')}.1",
        "appId": app_id,
        "host": host,
        "ports": [port],
        "ipAddresses": [{"ipAddress": host}],
        "state": "TASK_RUNNING",
    }
    definitions = [{"port": 10001, "name": "web"}]
    return {"id": app_id, "labels": dict(labels), "portDefinitions": definitions, "tasks": [task]}
