"""Asks a running HAProxy, over HTTP/1.1 or HTTP/2, and keeps everything that it answers."""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from integration.traffic import http2
from integration.traffic.fleet import AGENT
from integration.traffic.request import Outcome

if TYPE_CHECKING:
    import socket

    from integration.traffic.fleet import Fleet
    from integration.traffic.request import Request
    from lbgen.testing import Haproxy

_KINDS = {401: "login", 403: "denied", 503: "nobody"}
_GONE = (OSError, http.client.HTTPException, http2.Closed)


class Answer(NamedTuple):
    """An answer: `protocol` is empty where the connection was closed without one.

    `seen` is what the stub says that it got, None where no stub was reached; `certificate` is a digest of the one that
    HAProxy showed.
    """

    protocol: str
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    seen: dict[str, Any] | None = None
    certificate: str = ""

    def header(self, name: str) -> str:
        """The values of the header, joined by a comma and a blank."""
        return ", ".join(value for key, value in self.headers if key == name)


CLOSED = Answer("")


def ask(haproxy: Haproxy, request: Request) -> Answer:
    """The answer to the request; a connection that is refused, reset or closed is CLOSED. Raises TimeoutError."""
    try:
        with closing(haproxy.connect(request.port, tls=_tls(request), server_name=request.server_name)) as connection:
            return _asked(connection, request)
    except TimeoutError:
        raise
    except _GONE:
        return CLOSED


@cache
def _offering(*protocols: str) -> ssl.SSLContext:
    """A client's context that takes any certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(list(protocols))
    return context


def _tls(request: Request) -> ssl.SSLContext | bool:
    if not request.tls:
        return False
    return _offering("h2", "http/1.1") if request.http2 else _offering("http/1.1")


def _asked(connection: socket.socket, request: Request) -> Answer:
    certificate, protocol = "", "HTTP/1.1"
    if isinstance(connection, ssl.SSLSocket):
        certificate = hashlib.sha256(connection.getpeercert(binary_form=True) or b"").hexdigest()
        protocol = "h2" if connection.selected_alpn_protocol() == "h2" else protocol
    status, headers, body = http2.get(connection, request) if protocol == "h2" else _get(connection, request)
    seen = json.loads(body) if dict(headers).get("content-type") == "application/json" else None
    return Answer(protocol, status, headers, "" if seen else body, seen, certificate)


def _get(connection: socket.socket, request: Request) -> tuple[int, tuple[tuple[str, str], ...], str]:
    client = http.client.HTTPConnection("unused")
    client.sock = connection
    client.request("GET", request.path, headers={"host": request.host, **request.headers()})
    response = client.getresponse()
    headers = tuple((name.lower(), value) for name, value in response.getheaders())
    return response.status, headers, response.read().decode()


class Servers(NamedTuple):
    """Which stub is whose server; `address` is that of the stubs."""

    fleet: Fleet
    address: str

    def general(self, answer: Answer) -> Answer:
        """The answer without what may differ from run to run: which of a service's servers it was, and for whom."""
        seen = answer.seen
        if seen is None:
            return answer
        known = {key: value for key, value in seen.items() if key not in {"client", "port"}}
        cookie = self._cookie(seen["port"])
        headers = tuple((name, value.replace(cookie, "its own")) for name, value in answer.headers)
        return answer._replace(
            headers=tuple(pair for pair in headers if pair[0] != "content-length"),
            seen=known | {"stub": self._service(seen["port"])},
        )

    def _service(self, port: int) -> str:
        return next(service.name for service in self.fleet.services() if port in service.port.servers)

    def _cookie(self, port: int) -> str:
        """The value of the cookie that ties a client to the server, as Marathon-LB makes it of the server's name."""
        name = f"{AGENT}_{self.address.replace('.', '_')}_{port}"
        return hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:10]


def outcome(answer: Answer) -> Outcome:
    """A general answer in short; raises AssertionError for one that no fleet should ever get."""
    if not answer.protocol:
        return Outcome("closed")
    if answer.seen is not None:
        return Outcome("served", answer.seen["stub"])
    if answer.status in {301, 308}:
        place = answer.header("location")
        return Outcome("https", f"{answer.status} {place}") if place.startswith("https:") else Outcome("root", place)
    detail = answer.header("www-authenticate").removeprefix('Basic realm="').rstrip('"')
    assert answer.status in _KINDS, answer
    return Outcome(_KINDS[answer.status], detail)
