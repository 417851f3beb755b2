"""What HAProxy's log says of a request, so that it can be told which rule sent it where."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from lbgen.dataclass import dataclass
from lbgen.regex import regex
from lbgen.routing.request import Request
from lbgen.routing.values import address_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.emulate.doors import Wall

MARK = "lbgen-emulate|"
REMEMBER = ("  http-request set-var(txn.lbgen_emulate) req.hdrs",)
"""The first rule of a frontend: what the client sent, before any rule changes it."""
REMEMBER_NAME = ("  tcp-request content set-var(txn.lbgen_emulate) req.ssl_sni",)
"""The same where connections are passed on by the name that TLS asks for; it is looked at as often as that is."""
_HTTP = (
    "http|%fp|%ft|%b|%s|%ST|%Tt|%ci|%[capture.req.method]|%[capture.req.uri,base64]|%[ssl_fc_sni]"
    "|%[var(txn.lbgen_emulate),base64]"
)
_TCP = "tcp|%fp|%ft|%b|%s|%ts|%Tt|%ci||||"
_FIELDS = 13
# HAProxy's own form: client, date, frontend with a number or a name of the bind line, what is wrong.
_FAILURE = regex(r"\S+:\d+ \[[^]]{10,40}\] ([^\s/~]{1,200})~?/[^\s:]{1,200}: (\S.{0,300})")


def http_format(generation: int) -> str:
    """The format of the log where HTTP is spoken, in a configuration of this number."""
    return f'"{MARK}{generation}|{_HTTP}"'


def tcp_format(generation: int, *, named: bool) -> str:
    """The same where connections are passed on; `named` where the name that TLS asks for is remembered."""
    name = "%[var(txn.lbgen_emulate),base64]" if named else ""
    return f'"{MARK}{generation}|{_TCP}{name}"'


@dataclass(frozen=True, slots=True)
class Seen:
    """A request or a connection that has been served, or refused.

    `generation` is the number of the configuration that did it. `port` is that of the machine, `status` is the code of
    HTTP, or HAProxy's two letters for how a connection ended. `backend` and `server` are None where none was reached.
    """

    generation: int
    http: bool
    port: int
    frontend: str
    backend: str | None
    server: str | None
    status: str
    milliseconds: int
    client: str
    method: str
    url: str
    tls: bool
    sni: str
    headers: tuple[tuple[str, str], ...]

    @property
    def host(self) -> str:
        """The Host header, or ""."""
        return next((value for name, value in self.headers if name == "host"), "")

    @property
    def user(self) -> str | None:
        """Who the client says it is, by basic authentication."""
        text = next((value for name, value in self.headers if name == "authorization"), "")
        scheme, _, rest = text.partition(" ")
        if scheme.lower() != "basic":
            return None
        return _decoded(rest.strip()).partition(":")[0] or None


def seen(line: str) -> Seen | None:
    """What a line of the log says; None where it is another one."""
    fields = line.rstrip("\n").partition(MARK)[2].split("|")
    if len(fields) != _FIELDS:
        return None
    generation, kind, port, frontend, backend, server, status, time, client, method, url, sni, headers = fields
    if not (port.isdecimal() and generation.isdecimal()):
        return None
    name = frontend.removesuffix("~")
    http = kind == "http"
    name_asked = sni.strip("-") if http else _decoded(headers)
    return Seen(
        generation=int(generation),
        http=http,
        port=int(port),
        frontend=name,
        backend=backend if backend not in {name, "", "-"} and server != "<NOSRV>" else None,
        server=server if server not in {"<NOSRV>", "<STATS>", "-"} and not server.startswith("<") else None,
        status=status,
        milliseconds=max(int(time), 0) if time.lstrip("+-").isdecimal() else 0,
        client=client,
        method=method.strip('"-') or "?",
        url=_path(_decoded(url)),
        tls=frontend.endswith("~"),
        sni=name_asked,
        headers=tuple(_headers(_decoded(headers))) if http else (),
    )


class Failure(NamedTuple):
    """A connection that came to no request: the frontend that took it, and what HAProxy says about it."""

    frontend: str
    said: str


def failure(line: str) -> Failure | None:
    """What a line of the log says of such a connection; None where it is another one."""
    found = _FAILURE.fullmatch(line.strip())
    return Failure(found[1], found[2]) if found is not None else None


def as_request(it: Seen, walls: Mapping[int, Wall]) -> Request:
    """The request as a client of the real load balancer would have sent it; `walls` are behind this machine's ports."""
    wall = walls.get(it.port)
    return Request(
        port=wall.port if wall is not None else it.port,
        target=it.url or "/",
        method=it.method,
        headers=it.headers,
        tls=it.tls or bool(it.sni),
        sni=it.sni,
        client=address_of(it.client),
        # Who gave another password than the right one is nobody.
        user=it.user if it.status != "401" or it.server is not None else None,
        to=wall.host if wall is not None else None,
    )


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _path(url: str) -> str:
    """The path and query of what stands in a request line, which of HTTP/2 is a whole URL."""
    if url.startswith("/") or "://" not in url:
        return url
    try:
        split = urlsplit(url)
    except ValueError:
        return url
    return (split.path or "/") + (f"?{split.query}" if split.query else "")


def _headers(text: str) -> list[tuple[str, str]]:
    pairs = (line.partition(":") for line in text.replace("\r", "").split("\n") if ":" in line.lstrip(":"))
    return [(name.strip().lower(), value.strip()) for name, _, value in pairs]
