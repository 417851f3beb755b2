"""Settings that do nothing where they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.edgelb.checks.texts import is_address
from lbgen.edgelb.said import info, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Backend, Frontend, Pool, Service
    from lbgen.edgelb.said import Said


def without_effect(pool: Pool) -> Iterator[Said]:
    """Remarks about what is written and not read, or not by every Edge-LB."""
    haproxy = pool.written.get("haproxy") or {}
    for frontend in pool.frontends:
        yield from _frontend(pool, frontend)
    for backend, written in zip(pool.backends, haproxy.get("backends") or (), strict=False):
        yield from _backend(backend, written)
        for service in backend.services:
            yield from _service(service)
    if "packageVersion" in pool.written:
        message = "Edge-LB 1.2.0 and later want pools without a version of their own"
        yield info("package-version", f"{pool.at}/packageVersion", message, "leave it out")


def _frontend(pool: Pool, frontend: Frontend) -> Iterator[Said]:
    if frontend.certificates and frontend.protocol in {"HTTP", "TCP"}:
        message = f"certificates have no effect on a frontend of {frontend.protocol}"
        yield warning("setting-without-effect", f"{frontend.at}/certificates", message, "HTTPS uses them")
    if pool.version == "V1" and re.search(r"[1V]", frontend.address):
        message = f'Edge-LB itself refuses "{frontend.address}" in V1, for the 1 in it; V2 takes it'
        yield info("refused-in-v1", f"{frontend.at}/bindAddress", message)


def _backend(backend: Backend, written: dict[str, object]) -> Iterator[Said]:
    if written.get("rewriteHttp") and not backend.http:
        message = f"rewriteHttp has no effect in a backend of {backend.protocol}"
        yield warning("setting-without-effect", f"{backend.at}/rewriteHttp", message)


def _service(service: Service) -> Iterator[Said]:
    endpoint = service.endpoint
    if endpoint.type != "ADDRESS":
        return
    if not endpoint.check and not is_address(endpoint.address):
        message = f'"{endpoint.address}" is looked up again only where servers are checked'
        yield warning("server-unchecked", service.pointer("endpoint/check"), message, 'leave "check" enabled')
    if endpoint.port == 0:
        yield warning("port-zero", service.pointer("endpoint/port"), "port 0 is no port that a server listens on")
