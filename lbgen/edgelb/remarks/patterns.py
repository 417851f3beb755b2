"""Regular expressions that mean something else than they seem to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.edgelb.globs import STAR, mended
from lbgen.edgelb.said import info, warning, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Frontend, Pool, Rule, Service
    from lbgen.edgelb.said import Said


def patterns(pool: Pool) -> Iterator[Said]:
    """Remarks about the patterns of selectors and rules."""
    for backend in pool.backends:
        for service in backend.services:
            yield from _selectors(service)
    for frontend in pool.frontends:
        for rule in frontend.rules:
            yield from _rule(frontend, rule)


def _selectors(service: Service) -> Iterator[Said]:
    for wanted in service.wanted:
        if wanted.pattern:
            pointer = service.pointer(wanted.written)
            yield from _globs(pointer, wanted.pattern)
            yield from _anchors(pointer, wanted.pattern, "name")
        elif wanted.written == "marathon/serviceID" and wanted.exact and not wanted.exact.startswith("/"):
            pointer = service.pointer(wanted.written)
            message = f'"{wanted.exact:.60}" is the id of no app: ids begin with a slash'
            fix = writing(pointer, f"/{wanted.exact}")
            yield warning("matches-nothing", pointer, message, "the backend has no server, and answers 503", fix)


def _rule(frontend: Frontend, rule: Rule) -> Iterator[Said]:
    for key, pattern in (("hostReg", rule.host_reg), ("pathReg", rule.path_reg)):
        if pattern:
            yield from _globs(f"{rule.at}/{key}", pattern)
    if rule.host_reg:
        yield from _anchors(f"{rule.at}/hostReg", rule.host_reg, "host name")
        if frontend.protocol == "HTTP" and frontend.port not in {0, 80}:
            yield from _port(f"{rule.at}/hostReg", rule.host_reg, frontend.port)


def _globs(pointer: str, pattern: str) -> Iterator[Said]:
    found = STAR.search(pattern)
    if found is not None:
        sign = pattern[found.end() - 2]
        message = f'"{sign}*" in "{pattern:.60}" is any number of "{sign}": this is a regular expression, not a glob'
        help_ = f'"{sign}.*" is "{sign}" and anything'
        yield warning("glob-in-pattern", pointer, message, help_, mended(pointer, pattern))


def _anchors(pointer: str, pattern: str, what: str) -> Iterator[Said]:
    begins, ends = pattern.startswith(("^", "\\A", ".*")), pattern.endswith(("$", "\\z", ".*"))
    if not (begins and ends):
        where = "anywhere in" if not begins and not ends else "at the end of" if not begins else "at the beginning of"
        message = f'"{pattern:.60}" is searched for {where} the {what}, not compared with the whole of it'
        yield info("unanchored-pattern", pointer, message, "^ and $ stand for the two ends")


def _port(pointer: str, pattern: str, port: int) -> Iterator[Said]:
    if pattern.endswith("$") and not pattern.endswith("\\$") and ":" not in pattern and "|" not in pattern:
        message = f'"{pattern:.60}" leaves no room for ":{port}", which clients of this port send behind the host name'
        text = f"{pattern[:-1]}(:[0-9]+)?$"
        help_ = "unless something in front of the pool listens on port 80"
        yield info("host-without-port", pointer, message, help_, writing(pointer, text))
