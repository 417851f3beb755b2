"""Addresses of Marathon, and which of the places that they redirect to may have the credentials."""

from __future__ import annotations

import socket
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from lbgen.dataclass import dataclass
from lbgen.errors import UsageError
from lbgen.live.marathon.credentials import BasicAuth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PORTS = {"http": 80, "https": 443}


class Site(NamedTuple):
    """Whom a URL leads to."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A Marathon by its URL, which holds no credentials; `own` are those that were written into it."""

    url: str
    own: BasicAuth | None = field(default=None, repr=False)

    @classmethod
    def read(cls, text: str) -> Endpoint:
        """The endpoint that is written so, as `http://host:8080`; raises UsageError where it is none."""
        parts = _split(text if "://" in text else f"http://{text}")
        if parts is None or parts.scheme not in _PORTS or not parts.hostname or parts.query or parts.fragment:
            raise UsageError("an endpoint of Marathon is written as http://host:8080, or https://host/service/marathon")
        own = None
        if parts.username is not None:
            own = BasicAuth(unquote(parts.username), unquote(parts.password or ""))
        netloc = parts.netloc.rpartition("@")[2]
        return cls(f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}", own)

    @property
    def site(self) -> Site:
        """Whom it leads to."""
        found = site_of(self.url)
        assert found is not None  # `read` has seen to that  # noqa: S101
        return found

    def __str__(self) -> str:
        return self.url


def site_of(url: str) -> Site | None:
    """Whom a URL leads to, None where it leads nowhere that can be asked."""
    parts = _split(url)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname:
        return None
    return Site(parts.scheme, parts.hostname.lower().rstrip("."), parts.port or _PORTS[parts.scheme])


def _split(url: str) -> SplitResult | None:
    if any(character.isspace() or not character.isprintable() for character in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def addresses_of(host: str) -> frozenset[str]:
    """The addresses of the host, none where it is not known."""
    try:
        return frozenset(str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        return frozenset()


class Circle:
    """The hosts of the endpoints that were given, by whatever name or address.

    A Marathon that does not lead redirects to the one that does, by the name that this one has for itself.
    """

    def __init__(self, endpoints: Iterable[Endpoint], resolve: Callable[[str], frozenset[str]] = addresses_of) -> None:
        self._endpoints = tuple(endpoints)
        self._resolve = resolve

    def endpoint(self, url: str) -> Endpoint | None:
        """The endpoint that the URL leads to, or one on the same host; None for others, and for http after https."""
        site = site_of(url)
        if site is None:
            return None
        near = [each for each in self._endpoints if site.scheme in {each.site.scheme, "https"}]
        exact = [each for each in near if each.site == site] or [each for each in near if each.site.host == site.host]
        return exact[0] if exact else self._by_address(site.host, near)

    def _by_address(self, host: str, near: Iterable[Endpoint]) -> Endpoint | None:
        addresses = self._resolve(host)
        return next((each for each in near if addresses & self._resolve(each.site.host)), None)
