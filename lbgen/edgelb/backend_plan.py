"""The lines of a backend, in Edge-LB's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.edgelb.http_check import CheckRequest, check_request
from lbgen.edgelb.rewriting import location, request_path
from lbgen.edgelb.said import warning
from lbgen.edgelb.servers import address_of, name_of, options_of
from lbgen.model.plan import Section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.edgelb.pieces import Pieces, Reason
    from lbgen.edgelb.pool import Backend, CustomCheck, Rewrite, Service
    from lbgen.edgelb.said import Said
    from lbgen.edgelb.servers import Server
    from lbgen.model.plan import Fragment


def backend_sections(
    pieces: Pieces, backend: Backend, servers: Mapping[str, Sequence[Server]]
) -> tuple[list[Section], list[Said]]:
    """The backend, its servers behind all else, and what is to be said of them."""
    made = [pieces.fragment("BACKEND", (f"{backend.at}/name", backend.name), name=backend.name)]
    made.append(pieces.fragment("BALANCE", (f"{backend.at}/balance", backend.balance), balance=backend.balance))
    mode = "BACKEND_HTTP" if backend.http else "BACKEND_TCP"
    made.append(pieces.fragment(mode, (f"{backend.at}/protocol", backend.protocol)))
    if backend.check is not None:
        made += _check(pieces, f"{backend.at}/customCheck", backend.check)
    if backend.http and backend.rewrite is not None:
        made += _rewrite(pieces, f"{backend.at}/rewriteHttp", backend.rewrite)
    for index, line in enumerate(backend.misc):
        if line:
            made.append(pieces.line(f"{backend.at}/miscStrs/{index}", line))
    said: list[Said] = []
    listed = Section(list(_servers(pieces, backend, servers, said)))
    return [Section(made, by_evaluation=pieces.portable and any(backend.misc)), listed], said


def _check(pieces: Pieces, at: str, check: CustomCheck) -> Iterator[Fragment]:
    if check.httpchk:
        request = check_request(check.httpchk_misc) if pieces.portable else CheckRequest(check.httpchk_misc)
        reasons: list[Reason] = [(f"{at}/httpchkMiscStr", check.httpchk_misc)] if check.httpchk_misc else []
        misc = f" {request.line}" if request.line else ""
        yield pieces.fragment("HTTPCHK", *reasons, (f"{at}/httpchk", ""), misc=misc)
        if request.send:
            yield pieces.fragment("HTTP_CHECK_SEND", *reasons, send=request.send)
    if check.ssl_hello:
        yield pieces.fragment("SSL_HELLO_CHK", (f"{at}/sslHelloChk", ""))
    if check.misc:
        yield pieces.fragment("CHECK_MISC", (f"{at}/miscStr", check.misc), line=check.misc.strip())


def _rewrite(pieces: Pieces, at: str, rewrite: Rewrite) -> Iterator[Fragment]:
    if rewrite.sticky_enabled:
        if rewrite.sticky:
            reason = f"{at}/sticky/customStr", rewrite.sticky
            yield pieces.fragment("STICKY_CUSTOM", reason, line=rewrite.sticky.strip())
        else:
            yield pieces.fragment("STICKY", (f"{at}/sticky", ""))
    if rewrite.forwardfor:
        yield pieces.fragment("FORWARDFOR", (f"{at}/request/forwardfor", ""))
    if rewrite.port:
        yield pieces.fragment("X_FORWARDED_PORT", (f"{at}/request/xForwardedPort", ""))
    if rewrite.proto:
        yield pieces.fragment("X_FORWARDED_PROTO", (f"{at}/request/xForwardedProtoHttpsIfTls", ""))
    if rewrite.set_host and rewrite.host:
        yield pieces.fragment("HOST", (f"{at}/host", rewrite.host), host=rewrite.host)
    yield from _path(pieces, at, rewrite)


def _path(pieces: Pieces, at: str, rewrite: Rewrite) -> Iterator[Fragment]:
    if rewrite.path is None or not any(rewrite.path):
        return
    source, target = rewrite.path
    reasons = (f"{at}/path/fromPath", source), (f"{at}/path/toPath", target), (f"{at}/path", "")
    if rewrite.rewrite_path:
        found = request_path(source, target, portable=pieces.portable)
        yield pieces.fragment("PATH", *reasons, pattern=found.pattern, path=found.path)
    if rewrite.rewrite_location:
        found = location(source, target, portable=pieces.portable)
        yield pieces.fragment("LOCATION", *reasons, pattern=found.pattern, path=found.path)


def _servers(
    pieces: Pieces, backend: Backend, servers: Mapping[str, Sequence[Server]], said: list[Said]
) -> Iterator[Fragment]:
    """The servers, service by service; of several under one name the first counts."""
    seen: set[str] = set()
    for service in backend.services:
        for server in sorted(servers.get(service.at, ())):
            name = name_of(server, service)
            if name in seen:
                message = f'the server {server.host}:{server.port} is in the backend "{backend.name}" already'
                said.append(warning("server-twice", service.at, message, "it is written once; HAProxy refuses two"))
                continue
            seen.add(name)
            yield _server(pieces, backend, service, server)


def _server(pieces: Pieces, backend: Backend, service: Service, server: Server) -> Fragment:
    endpoint = service.endpoint
    written = {
        "endpoint/miscStr": endpoint.misc,
        "endpoint/check/customStr": endpoint.check_extra,
        "endpoint/address": endpoint.address,
    }
    reasons = [(service.pointer(key), text) for key, text in written.items() if text]
    return pieces.fragment(
        "SERVER",
        *reasons,
        (service.at, ""),
        name=name_of(server, service),
        address=address_of(server, portable=pieces.portable),
        port=server.port,
        options=options_of(server, service, backend, portable=pieces.portable),
    )
