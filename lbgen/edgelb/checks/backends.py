"""What must hold of the backends of a pool, and of the services in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.edgelb import re2
from lbgen.edgelb.checks.head import PORTS
from lbgen.edgelb.checks.texts import (
    NAME,
    hint,
    is_host,
    judged,
    line_problem,
    pattern_problem,
    tail_problem,
    word_problem,
    words_problem,
)
from lbgen.edgelb.checks.words import PROTOCOLS, in_range, missing, one_of, repeated
from lbgen.edgelb.globs import mended
from lbgen.edgelb.said import Said
from lbgen.render.override import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Backend, Pool, Service, Wanted

_TYPES = {
    "V1": ("AUTO_IP", "AGENT_IP", "CONTAINER_IP", "VIP"),
    "V2": ("AUTO_IP", "AGENT_IP", "CONTAINER_IP", "ADDRESS"),
}


def backends(pool: Pool) -> Iterator[Said]:
    """The faults of the backends."""
    for backend in pool.backends:
        yield from _backend(backend)
        if not backend.services:
            key = "servers" if pool.version == "V1" else "services"
            yield Said("value-missing", f"{backend.at}/{key}", f'"{key}" needs at least one')
        for service in backend.services:
            yield from _service(pool, service)
    named = ((f"{backend.at}/name", backend.name) for backend in pool.backends if backend.name)
    yield from repeated(named, "the backend name")


def _backend(backend: Backend) -> Iterator[Said]:
    at = backend.at
    if not backend.name:
        yield missing(at, "name")
    elif not NAME.fullmatch(backend.name):
        message = f"\"name\" should be letters, digits, ':', '_', '.' and '-', is \"{backend.name:.60}\""
        yield Said("bad-pool-name", f"{at}/name", message, hint(backend.name) or "HAProxy refuses any other name")
    if backend.protocol:
        yield from one_of(f"{at}/protocol", backend.protocol, PROTOCOLS)
    else:
        yield missing(at, "protocol", ": HTTP, HTTPS, TCP or TLS")
    yield from judged(f"{at}/balance", backend.balance, words_problem)
    for index, text in enumerate(backend.misc):
        yield from judged(f"{at}/miscStrs/{index}", text, line_problem)
    if backend.check is not None:
        yield from judged(f"{at}/customCheck/httpchkMiscStr", backend.check.httpchk_misc, tail_problem)
        yield from judged(f"{at}/customCheck/miscStr", backend.check.misc, line_problem)
    yield from _rewrite(backend)


def _rewrite(backend: Backend) -> Iterator[Said]:
    rewrite, at = backend.rewrite, f"{backend.at}/rewriteHttp"
    if rewrite is None:
        return
    yield from judged(f"{at}/host", rewrite.host, _header_problem)
    for key, text in zip(("fromPath", "toPath"), rewrite.path or (), strict=False):
        yield from judged(f"{at}/path/{key}", text, _path_problem)
    yield from judged(f"{at}/sticky/customStr", rewrite.sticky or "", line_problem)


def _header_problem(text: str) -> str | None:
    """A header's value is a format of HAProxy's, so that it may hold what `%[..]` stands for."""
    if problem := word_problem(text):
        return problem
    if ENVIRONMENT.search(text):
        return "asks for the load balancer's environment"
    return "holds '%', which begins a format: write '%%'" if re.search(r"%(?!\[)", text.replace("%%", "")) else None


def _path_problem(text: str) -> str | None:
    return pattern_problem(text) or ("holds a blank" if " " in text else None)


def _service(pool: Pool, service: Service) -> Iterator[Said]:
    endpoint = service.endpoint
    type_ = service.pointer("endpoint/type")
    if pool.version == "V1" and endpoint.type == "VIP":
        yield missing(f"{service.at}/port", "vip", "; a server of type VIP is one")
        return
    if endpoint.type not in _TYPES["V2"] or (pool.version == "V1" and endpoint.type == "ADDRESS" and not service.vip):
        yield from one_of(type_, endpoint.type, _TYPES[pool.version])
        return
    yield from judged(service.pointer("endpoint/check/customStr"), endpoint.check_extra, words_problem)
    yield from judged(service.pointer("endpoint/miscStr"), endpoint.misc, tail_problem)
    yield from _address(service) if endpoint.type == "ADDRESS" else _selected(service)


def _address(service: Service) -> Iterator[Said]:
    endpoint = service.endpoint
    pointer = service.pointer("endpoint/address")
    if not endpoint.address:
        yield Said("value-missing", pointer, '"address" is missing; a service of type ADDRESS is one')
    elif not is_host(endpoint.address):
        message = f'"{endpoint.address:.80}" is no host name and no IP address'
        yield Said("bad-pool-value", pointer, message, hint(endpoint.address))
    pointer = service.pointer("endpoint/port")
    if endpoint.port == -1:
        yield Said("value-missing", pointer, "the port of the address is missing")
    else:
        yield from in_range(pointer, endpoint.port, PORTS)


def _selected(service: Service) -> Iterator[Said]:
    endpoint = service.endpoint
    if endpoint.address:
        message = f'"address" is for the type ADDRESS; this one is {endpoint.type}'
        yield Said("bad-pool-value", service.pointer("endpoint/address"), message)
    if endpoint.port not in range(-1, 65536):
        yield from in_range(service.pointer("endpoint/port"), endpoint.port, PORTS)
    elif endpoint.port == -1 and not endpoint.port_name and not endpoint.all_ports:
        message = "no port is chosen: a name, all of them, or a number"
        help_ = '"name" or "all" of "port"' if service.fields else '"portName", "allPorts" or "port" of "endpoint"'
        yield Said("value-missing", service.pointer("endpoint"), message, help_)
    yield from _selectors(service)
    for wanted in service.wanted:
        yield from _pattern(service, wanted)


def _selectors(service: Service) -> Iterator[Said]:
    framework = service.wants("mesos/frameworkName").set or service.wants("mesos/frameworkID").set
    task = service.wants("mesos/taskName").set or service.wants("mesos/taskID").set
    if service.wants("marathon/serviceID").set or (framework and task):
        return
    if service.fields:
        for member, found in (("framework", framework), ("task", task)):
            if not found:
                yield missing(f"{service.at}/{member}", "value")
    elif framework or task:
        has, lacks = ("framework", "task") if framework else ("task", "framework")
        message = f'a {has} is chosen and no {lacks}: "mesos" needs both'
        yield Said("value-missing", f"{service.at}/mesos", message, f'"{lacks}Name", or another of its kind')
    else:
        message = "no task is chosen"
        help_ = '"marathon": {"serviceID": ..}, or "mesos": {"frameworkName": .., "taskName": ..}'
        yield Said("value-missing", service.at, message, help_)


def _pattern(service: Service, wanted: Wanted) -> Iterator[Said]:
    bad = re2.problem(wanted.pattern) if wanted.pattern else None
    if bad is not None:
        pointer = service.pointer(wanted.written)
        message = f'"{wanted.pattern:.60}" is no regular expression of Go\'s: {bad}'
        help_ = "a glob's * is .* here" if wanted.pattern.startswith("*") else ""
        yield Said("bad-pattern", pointer, message, help_, fix=mended(pointer, wanted.pattern))
