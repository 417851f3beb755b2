"""Settings that do nothing where they stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.edgelb.checks.texts import is_address
from lbgen.edgelb.said import dropping, info, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Backend, CustomCheck, Frontend, Pool, Rewrite, Service
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
        at = f"{pool.at}/packageVersion"
        yield info("package-version", at, message, "leave it out", dropping(at))


def _frontend(pool: Pool, frontend: Frontend) -> Iterator[Said]:
    if frontend.certificates and frontend.protocol in {"HTTP", "TCP"}:
        message = f"certificates have no effect on a frontend of {frontend.protocol}"
        yield warning("setting-without-effect", f"{frontend.at}/certificates", message, "HTTPS uses them")
    if pool.version == "V1" and re.search(r"[1V]", frontend.address):
        message = f'Edge-LB itself refuses "{frontend.address}" in V1, for the 1 in it; V2 takes it'
        yield info("refused-in-v1", f"{frontend.at}/bindAddress", message)


def _none(at: str, message: str, help: str = "") -> Said:
    return warning("setting-without-effect", at, message, help)


def _backend(backend: Backend, written: dict[str, object]) -> Iterator[Said]:
    if not backend.http:
        if written.get("rewriteHttp"):
            yield _none(f"{backend.at}/rewriteHttp", f"rewriteHttp has no effect in a backend of {backend.protocol}")
    elif backend.rewrite is not None:
        yield from _rewrite(f"{backend.at}/rewriteHttp", backend.rewrite)
    if backend.check is not None:
        yield from _check(backend, backend.check)


def _rewrite(at: str, rewrite: Rewrite) -> Iterator[Said]:
    if rewrite.host and not rewrite.set_host:
        yield _none(f"{at}/host", "the host has no effect while request.setHostHeader is off")
    if rewrite.path is not None and any(rewrite.path) and not rewrite.rewrite_path and not rewrite.rewrite_location:
        message = "the path has no effect while request.rewritePath and response.rewriteLocation are off"
        yield _none(f"{at}/path", message)
    if rewrite.sticky and not rewrite.sticky_enabled:
        yield _none(f"{at}/sticky/customStr", "customStr has no effect while sticky is not enabled")


def _check(backend: Backend, check: CustomCheck) -> Iterator[Said]:
    at = f"{backend.at}/customCheck"
    if check.httpchk_misc and not check.httpchk:
        yield _none(f"{at}/httpchkMiscStr", "httpchkMiscStr has no effect without httpchk", 'say "httpchk": true')
    checks = check.httpchk or check.ssl_hello or check.misc
    if checks and backend.services and not any(service.endpoint.check for service in backend.services):
        yield _none(at, "no server of this backend is checked, so that the kind of check has no effect")


def _service(service: Service) -> Iterator[Said]:
    endpoint = service.endpoint
    if endpoint.check_extra and not endpoint.check:
        yield _none(service.pointer("endpoint/check/customStr"), "customStr has no effect while the check is off")
    if endpoint.type != "ADDRESS":
        for wanted in service.wanted:
            if wanted.exact and wanted.pattern:
                key = wanted.written.rpartition("/")[2]
                yield _none(service.pointer(wanted.key), f"{wanted.key.rpartition('/')[2]} has no effect beside {key}")
        return
    if not service.vip and any(wanted.set for wanted in service.wanted):
        yield _none(service.at, "an ADDRESS is no task: what selects tasks has no effect here")
    if not endpoint.check and not is_address(endpoint.address):
        message = f'"{endpoint.address}" is looked up again only where servers are checked'
        yield warning("server-unchecked", service.pointer("endpoint/check"), message, 'leave "check" enabled')
    if endpoint.port == 0:
        yield warning("port-zero", service.pointer("endpoint/port"), "port 0 is no port that a server listens on")
