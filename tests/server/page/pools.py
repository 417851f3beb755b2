"""Pools that show something on their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.server.documents import pool

if TYPE_CHECKING:
    from collections.abc import Sequence

HOSTILE = ("<script>alert(1)</script>", "\"'><img src=x onerror=alert(2)>", "{{ 7 * 7 }}", "&lt;b&gt;", "\u202egnp.exe")


def backend(name: str, *addresses: str, **members: Any) -> dict[str, Any]:
    """A backend of addresses."""
    services = [{"endpoint": {"type": "ADDRESS", "address": each, "port": 8080}} for each in addresses]
    return {"name": name, "protocol": "HTTP", "services": services, **members}


def edge(name: str = "edge") -> dict[str, Any]:
    """A pool with every kind of route."""
    made = pool(name)
    routes = [
        {"hostEq": "api.example.org", "pathBeg": "/v1", "backend": "api"},
        {"hostReg": r"^.*\.shop\.example\.org$", "backend": "shop"},
        {"pathReg": "^/static/", "pathEnd": ".png", "backend": "web"},
    ]
    made["haproxy"]["frontends"] = [
        {
            "name": "plain",
            "bindPort": 80,
            "protocol": "HTTP",
            "redirectToHttps": {"except": [{"pathBeg": "/.well-known"}, {"host": "old.example.org"}]},
            "linkBackend": {"defaultBackend": "web"},
        },
        {
            "name": "secure",
            "bindPort": 443,
            "protocol": "HTTPS",
            "certificates": ["$AUTOCERT"],
            "miscStrs": ["http-request deny if { path_beg /admin }"],
            "linkBackend": {"defaultBackend": "web", "map": routes},
        },
    ]
    made["haproxy"]["backends"] = [
        backend("web", "192.0.2.1", "192.0.2.2"),
        backend("api", "192.0.2.11", "192.0.2.12", "192.0.2.13"),
        backend("shop", "192.0.2.21"),
    ]
    return {**made, "autoCertificate": True}


def hostile(name: str = "hostile", values: Sequence[str] = HOSTILE) -> dict[str, Any]:
    """A pool whose values would like to be more than text."""
    made = pool(name, environmentVariables={each: each[::-1] + "x" * 5000 for each in values})
    made["haproxy"]["frontends"][0]["linkBackend"]["map"] = [
        {"pathReg": each.replace(" ", "."), "hostReg": "h" * 3000, "backend": "ping"} for each in values[:2]
    ]
    made["haproxy"]["backends"][0]["miscStrs"] = [
        f"http-request set-header X-{n} '{v}'" for n, v in enumerate(values[:1])
    ]
    return made


def large(name: str = "large", size: int = 300) -> dict[str, Any]:
    """A pool that makes nine lines for each backend."""
    made = pool(name)
    made["haproxy"]["backends"] = [
        backend(f"b{number}", f"10.0.{number // 256}.{number % 256}") for number in range(size)
    ]
    rules = [{"hostEq": f"h{number}.example.org", "backend": f"b{number}"} for number in range(size)]
    made["haproxy"]["frontends"][0]["linkBackend"] = {"defaultBackend": "b0", "map": rules}
    return made
