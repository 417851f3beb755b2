"""The backend of a service: its head, its options, its servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.errors import AppError
from lbgen.marathon import names
from lbgen.marathon.health import placeholders
from lbgen.model.plan import Fragment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.marathon.fragments import Pieces
    from lbgen.model.service import HealthCheck, Service


def backend(pieces: Pieces, *, portable: bool) -> list[Fragment]:
    """The fragments of the backend, in the order in which they are written."""
    service = pieces.service
    made = [pieces.fragment("BACKEND_HEAD")]
    if service.mode == "http":
        made += _http_options(pieces, portable=portable)
    # HAProxy evaluates all http-request rules before any redirect, and warns where they are not written so.
    pair = (_networks(pieces), _redirect(pieces))
    for part in pair if portable else reversed(pair):
        made += part
    if service.sticky and not (portable and service.mode == "tcp"):
        made.append(pieces.fragment("BACKEND_STICKY_OPTIONS"))
    check = _check_of(pieces, portable=portable)
    if check is not None:
        made.append(check.backend())
    made += _servers(pieces, check, portable=portable)
    return made


def _http_options(pieces: Pieces, *, portable: bool) -> Iterator[Fragment]:
    service = pieces.service
    if service.use_hsts:
        yield pieces.fragment("BACKEND_HSTS_OPTIONS")
    yield pieces.fragment("BACKEND_HTTP_OPTIONS")
    if service.proxypass_path:
        yield _proxypass(pieces, service.proxypass_path, portable=portable)
    if service.revproxy_path:
        root = service.revproxy_path.replace("%", "%%") if portable else service.revproxy_path
        yield pieces.fragment("HTTP_BACKEND_REVPROXY_GLUE", rootpath=root)


def _redirect(pieces: Pieces) -> Iterator[Fragment]:
    path = pieces.service.redir_path
    if path and pieces.service.mode == "http":
        yield pieces.fragment("HTTP_BACKEND_REDIR", redirpath=path)


def _proxypass(pieces: Pieces, path: str, *, portable: bool) -> Fragment:
    name = "HTTP_BACKEND_PROXYPASS_GLUE"
    if portable and len(pieces.service.vhosts) != 1 and pieces.replaced(name) is None:
        # Without one host name there is none to send; the product sends "None", or all of them with commas.
        name = "PORTABLE_PROXYPASS_ANY_HOST"
    return pieces.fragment(name, proxypath=path)


_NETWORK = {
    "http": ("HTTP_BACKEND_NETWORK_ALLOWED_ACL", "HTTP_BACKEND_ACL_ALLOW_DENY"),
    "tcp": ("TCP_BACKEND_NETWORK_ALLOWED_ACL", "TCP_BACKEND_ACL_ALLOW_DENY"),
}


def _networks(pieces: Pieces) -> Iterator[Fragment]:
    service = pieces.service
    if not service.network_allowed or service.mode not in _NETWORK:
        return
    acl, decision = _NETWORK[service.mode]
    for network in service.network_allowed.split():
        yield pieces.fragment(acl, network_allowed=network)
    yield pieces.fragment(decision)


def check_kind(service: Service, check: HealthCheck) -> str | None:
    """Whose templates write the check: "TCP" or "HTTP", None where nobody's do."""
    if service.mode == "tcp" or check.connects_only:
        return "TCP"
    return "HTTP" if service.mode == "http" else None


def _reference(service: Service) -> Service:
    """The service whose ports are checked: by rank, if the label says so, else this one."""
    rank = service.health_check_port_index
    if rank is None or abs(rank) > len(service.siblings):
        return service
    ordered = sorted(service.siblings, key=lambda sibling: sibling.port)
    if rank == len(ordered):
        message = f"{rank} is none of the app's {len(ordered)} services, which count from 0 by service port"
        raise _index_error(service, message)
    return ordered[rank]


def _index_error(service: Service, message: str) -> AppError:
    origin = service.app.label(f"HAPROXY_{service.index}_BACKEND_HEALTHCHECK_PORT_INDEX").origin()
    return AppError(message, origin=origin, rule="bad-port-index")


def _servers(pieces: Pieces, check: _Check | None, *, portable: bool) -> Iterator[Fragment]:
    service = pieces.service
    ids: set[int] = set()
    template, text, _, _, label, _ = pieces.fragment("BACKEND_SERVER_OPTIONS")
    seen: set[str] = set()
    for rank, server in enumerate(service.servers):
        name = names.server_name(server.host, server.address, server.port)
        if portable and name in seen:
            continue
        seen.add(name)
        values = {
            "host": server.host,
            "host_ipv4": _bracketed(server.address) if portable else server.address,
            "port": server.port,
            "serverName": name,
            "serverId": names.server_id(name, ids),
            "cookieOptions": _cookie(service, name, portable=portable) if service.sticky else "",
            "healthCheckOptions": check.options(rank) if check else "",
            "otherOptions": " disabled" if server.draining else "",
        }
        yield Fragment(template, text, values, service, label)


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _cookie(service: Service, server: str, *, portable: bool) -> str:
    if portable and service.mode == "tcp":
        return " check"
    return f" check cookie {names.cookie_value(server)}"


WITH_CHECK = ("BACKEND_SERVER_OPTIONS", "BACKEND_SERVER_HTTP_HEALTHCHECK_OPTIONS")
"""The templates that a line of a server with a check is made of."""


class _Check:
    """What a backend and its servers say about their check; it differs by the port that is checked only."""

    def __init__(self, pieces: Pieces, check: HealthCheck, kind: str, extra: str) -> None:
        self._pieces = pieces
        self._service = pieces.service
        self._check = check
        self._kind = kind
        self._fragment = pieces.fragment(f"BACKEND_SERVER_{kind}_HEALTHCHECK_OPTIONS")
        self._values: dict[str, Any] = placeholders(pieces.service, check)
        self._extra = extra
        self._by_port: dict[int | None, str] = {}

    def backend(self) -> Fragment:
        """What the backend says."""
        port = _reference(self._service).servers[0].port
        values = self._values | {"healthCheckPortOptions": f" port {port}"}
        return self._pieces.fragment(f"BACKEND_{self._kind}_HEALTHCHECK_OPTIONS", **values)

    def options(self, rank: int) -> str:
        """The options of the server of this rank, with a blank in front, or nothing."""
        port = self._port(rank)
        if port not in self._by_port:
            values = self._values | {"healthCheckPortOptions": "" if port is None else f" port {port}"}
            text = self._pieces.in_line(self._fragment._replace(values=values)) + self._extra
            self._by_port[port] = f" {text}" if text else ""
        return self._by_port[port]

    def _port(self, rank: int) -> int | None:
        service = self._service
        if service.health_check_port_index is None:
            return self._check.raw.get("port") or None
        reference = _reference(service)
        if rank >= len(reference.servers):
            message = f"the service on port {reference.port} has fewer servers than the one on port {service.port}"
            raise _index_error(service, message)
        return reference.servers[rank].port


def _check_of(pieces: Pieces, *, portable: bool) -> _Check | None:
    check = pieces.service.check
    if check is None:
        return None
    kind = check_kind(pieces.service, check)
    if kind is None:
        return None
    # Behind the words of others, `verify none` might undo what they say of the servers' own certificates.
    by_others = any(pieces.replaced(name) is not None for name in WITH_CHECK)
    adds = portable and check.over_tls and kind == "HTTP" and not by_others
    return _Check(pieces, check, kind, " check-ssl verify none" if adds else "")
