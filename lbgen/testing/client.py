"""A client that says one thing and connects to another: host, server name and address are chosen apart."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from contextlib import closing
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.testing.engine import Address

Tls = bool | ssl.SSLContext


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response; names of headers are in lower case, each with all its values."""

    status: int
    headers: Mapping[str, list[str]]
    body: bytes

    @property
    def text(self) -> str:
        """The body, decoded."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """The body as JSON; what a stub answers is described in lbgen.testing.stub."""
        return json.loads(self.body)


def trusting(authority: bytes) -> ssl.SSLContext:
    """A TLS context that trusts the certificates of this PEM and no others."""
    return ssl.create_default_context(cadata=authority.decode())


def connect(
    address: Address, *, tls: Tls = False, server_name: str | None = None, timeout: float = 10
) -> socket.socket:
    """A connection; with `tls=True` any certificate will do, a context decides for itself. Raises OSError."""
    plain = socket.create_connection(address, timeout)
    if not tls:
        return plain
    try:
        return _context(tls).wrap_socket(plain, server_hostname=server_name)
    except OSError:
        plain.close()
        raise


def request(
    address: Address,
    path: str = "/",
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    tls: Tls = False,
    server_name: str | None = None,
    timeout: float = 10,
) -> Answer:
    """The answer to one HTTP request; `Host` is the address unless `headers` say otherwise.

    `timeout` is in seconds and counts for each wait on the network. Raises OSError or http.client.HTTPException.
    """
    connection = http.client.HTTPConnection(*address, timeout=timeout)
    connection.sock = connect(address, tls=tls, server_name=server_name, timeout=timeout)
    with closing(connection):
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        values: dict[str, list[str]] = {}
        for name, value in response.getheaders():
            values.setdefault(name.lower(), []).append(value)
        return Answer(response.status, values, response.read())


def _context(tls: Tls) -> ssl.SSLContext:
    if isinstance(tls, ssl.SSLContext):
        return tls
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
