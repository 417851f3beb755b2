"""What the description of the API gives as examples: a pool of each version that would be taken as it is, and names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.server.pool_templates import DEFAULT_POOL_TEMPLATE
from lbgen.server.rendering import DEFAULT_TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Mapping


def _pool(version: str, name: str, port: int, backend: Mapping[str, Any]) -> dict[str, Any]:
    frontend = {"bindPort": port, "protocol": "HTTP", "linkBackend": {"defaultBackend": "shop"}}
    haproxy = {
        "stats": {"bindPort": 0 if version == "V2" else port + 1},
        "frontends": [frontend],
        "backends": [{"name": "shop", "protocol": "HTTP", **backend}],
    }
    return {"apiVersion": version, "name": name, "haproxy": haproxy}


_V1 = _pool(
    "V1",
    "old",
    8090,
    {"servers": [{"framework": {"value": "marathon"}, "task": {"value": "shop"}, "port": {"name": "web"}}]},
)
_V2 = _pool(
    "V2",
    "web",
    8080,
    {"services": [{"marathon": {"serviceID": "/shop"}, "endpoint": {"portName": "web"}}]},
)
_BODIES: Mapping[str, Any] = {
    "V2Pool": _V2,
    "V1Pool": _V1,
    "V1Config": {"pools": [_V1]},
    "PoolTemplate": {"name": "blue"},
}


def body(path: str, schema: str) -> Any:
    """What may be sent there."""
    if schema != "text":
        return _BODIES[schema]
    return DEFAULT_POOL_TEMPLATE if path.endswith("/template") else DEFAULT_TEMPLATE


def parameter(path: str, name: str) -> str:
    """What may stand in the path."""
    if name == "artifact":
        return "haproxy.cfg.ctmpl"
    if path.startswith("/v1/"):
        return str(_V1["name"])
    return "blue" if "templates/" in path.lower() else str(_V2["name"])
