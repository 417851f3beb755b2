"""IPv4 addresses of host names: out of a table, or from the system's resolver, each asked once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_IPV4 = regex(r"(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])")


def resolver(hosts: Mapping[str, str] | None) -> Callable[[str], str | None]:
    """A function from a host name to its IPv4 address, or None; with `hosts`, nothing else is asked."""
    known: dict[str, str | None] = {}

    def resolve(host: str) -> str | None:
        if host not in known:
            known[host] = _address(host, hosts)
        return known[host]

    return resolve


def _address(host: str, hosts: Mapping[str, str] | None) -> str | None:
    if _IPV4.fullmatch(host):
        return host
    found = _looked_up(host, hosts) if hosts is not None else _asked(host)
    return found if found is not None and _IPV4.fullmatch(found) else None


def _looked_up(host: str, hosts: Mapping[str, str]) -> str | None:
    try:
        return hosts[host]
    except KeyError:
        return None


def _asked(host: str) -> str | None:
    import socket

    try:
        answers = socket.getaddrinfo(host, None, socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    return str(answers[0][4][0]) if answers else None


class StandIns(dict[str, str]):
    """Addresses by host name that never run out: a host that is not there gets one of 198.18.0.0/15, always the same.

    It is for those who look at a configuration without being on its network.
    """

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        super().__init__(known or {})
        self._count = 0

    def __missing__(self, host: str) -> str:
        self._count = self._count % 131_070 + 1
        high, low = divmod(self._count, 256)
        address = self[host] = f"198.{18 + high // 256}.{high % 256}.{low}"
        return address
