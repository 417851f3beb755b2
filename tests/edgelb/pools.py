"""Pools to test with: one that is as small as it can be, and ways to change it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from lbgen.edgelb.reading import Loaded, load_pools
from lbgen.edgelb.servers import AGENT, Server
from lbgen.finding import Severity
from lbgen.pipeline.pools import PoolOptions, from_pool

if TYPE_CHECKING:
    from lbgen.edgelb.pool import Pool
    from lbgen.edgelb.tasks import Tasks
    from lbgen.finding import Finding

SERVER = Server(AGENT, "10.0.1.128", 10006)
SERVICE: dict[str, Any] = {"marathon": {"serviceID": "/web"}, "endpoint": {"portName": "web"}}


def backend(**more: Any) -> dict[str, Any]:
    return {"name": "web", "protocol": "HTTP", "services": [deepcopy(SERVICE)], **more}


def frontend(**more: Any) -> dict[str, Any]:
    return {"bindPort": 80, "protocol": "HTTP", "linkBackend": {"defaultBackend": "web"}, **more}


def pool(*, frontends: list[Any] | None = None, backends: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    haproxy = {
        "frontends": [frontend()] if frontends is None else frontends,
        "backends": [backend()] if backends is None else backends,
    }
    return {"apiVersion": "V2", "name": "p", "haproxy": haproxy, **more}


def server_v1(**more: Any) -> dict[str, Any]:
    return {"framework": {"value": "marathon"}, "task": {"value": "web"}, "port": {"name": "web"}, **more}


def pool_v1(*servers: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = {"name": "web", "protocol": "HTTP", "servers": list(servers) or [server_v1()]}
    return {"apiVersion": "V1", "name": "p", "haproxy": {"frontends": [frontend()], "backends": [made]}, **more}


def load(value: Any) -> Loaded:
    loaded = Loaded()
    load_pools("pool.json", value, loaded)
    return loaded


def only(value: Any) -> Pool:
    """The pool of a document that has one and no fault."""
    loaded = load(value)
    assert len(loaded.pools) == 1, [str(finding.message) for finding in loaded.findings]
    return loaded.pools[0]


def said(findings: list[Finding], severity: Severity = Severity.ERROR) -> list[tuple[str, str]]:
    """Pointer and message of the findings that are as bad."""
    return [
        (finding.origin.pointer if finding.origin else "", finding.message)
        for finding in findings
        if finding.severity is severity
    ]


def text(value: Any, tasks: Tasks | None = None, **options: Any) -> str:
    """The whole configuration of the pool."""
    result = from_pool(only(value), tasks, PoolOptions(**options))
    assert result.rendered is not None, said(result.findings)
    return result.rendered.text


def section(configuration: str, header: str) -> list[str]:
    """The lines of one section, each with single blanks."""
    lines = [" ".join(line.split()) for line in configuration.splitlines()]
    start = lines.index(header)
    rest = lines[start + 1 :]
    return rest[: rest.index("")] if "" in rest else rest
