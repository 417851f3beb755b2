"""A request, as a client would send it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from lbgen.dataclass import dataclass
from lbgen.routing.values import address_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.routing.values import Address

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request to `port`; `target` is the path with its query, `headers` are names in lower case with their values.

    `tls` tells whether the client speaks TLS, `sni` what it then asks for, "" for nothing. `client` is None where it
    may be anybody. `user` has given the right password wherever it is asked for. `to` is the address that the client
    connects to, if it is known.
    """

    port: int = 80
    target: str = "/"
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    tls: bool = False
    sni: str = ""
    client: Address | None = None
    user: str | None = None
    to: Address | None = None

    @property
    def host(self) -> str:
        """The Host header, or ""."""
        return next((value for name, value in self.headers if name == "host"), "")


def request_of_url(
    url: str,
    *,
    method: str = "GET",
    headers: Sequence[tuple[str, str]] = (),
    client: Address | None = None,
    sni: str | None = None,
    user: str | None = None,
) -> Request:
    """The request for a URL as clients make it: host in lower case, its port in the Host header unless it is usual.

    Raises ValueError where this is no URL of http or https.
    """
    split = urlsplit(url if "://" in url else f"http://{url}")
    if split.scheme not in _PORTS or not split.hostname:
        msg = f'"{url:.100}" is no URL of http or https with a host'
        raise ValueError(msg)
    port = _port(split)
    name = split.hostname if ":" not in split.hostname else f"[{split.hostname}]"
    given = tuple((key.lower(), value) for key, value in headers)
    host = name if port == _PORTS[split.scheme] else f"{name}:{port}"
    more = () if any(key == "host" for key, _ in given) else (("host", host),)
    address = address_of(split.hostname)
    asked = sni if sni is not None else "" if address is not None else split.hostname
    return Request(
        port=port,
        target=(split.path or "/") + (f"?{split.query}" if split.query else ""),
        method=method,
        headers=(*more, *given),
        tls=split.scheme == "https",
        sni=asked if split.scheme == "https" else "",
        client=client,
        user=user if user is not None else split.username,
        to=address,
    )


def _port(split: SplitResult) -> int:
    """The port of a URL; raises ValueError where it is none."""
    port = split.port
    if port == 0:
        msg = "port 0 is no port that a server listens on"
        raise ValueError(msg)
    return port if port is not None else _PORTS[split.scheme]
