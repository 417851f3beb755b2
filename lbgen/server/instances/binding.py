"""Who listens where: one pool at a time for each address, and nobody where somebody else's program does.

HAProxy alone would not see it: two of one user may listen side by side, and connections go now here, now there.
"""

from __future__ import annotations

import errno
import socket
import threading
from ipaddress import IPv6Address
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from lbgen.haproxy.parse import parse
from lbgen.routing.binds import binds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.routing.values import Address

# Of a range of ports so many are tried.
_MOST = 64
_TELLING = {
    errno.EADDRINUSE: "another program of this machine listens there",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}


class Listener(NamedTuple):
    """Where a section listens; the host is None for all addresses."""

    section: str
    text: str
    host: Address | None
    ports: range

    def meets(self, other: Listener) -> bool:
        """Whether some connections are for both."""
        same_host = self.host is None or other.host is None or self.host == other.host
        return same_host and self.ports.start < other.ports.stop and other.ports.start < self.ports.stop


def listeners(text: str) -> list[Listener]:
    """Where a configuration listens, as far as that is known; what has no port is nobody else's."""
    return [
        Listener(section.name, bind.text, bind.host, bind.ports)
        for section in parse(text).sections
        if section.kind in {"frontend", "listen"}
        for line in section.named("bind")
        for bind in binds(line)
        if bind.ports
    ]


class Addresses:
    """Which pool has which addresses of this machine; asked by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, list[Listener]] = {}

    def take(self, pool: str, text: str) -> str:
        """Has the pool hold what its text listens on, beside what it has; or else why it cannot, in a sentence."""
        wanted = listeners(text)
        with self._lock:
            held = self._held.get(pool, [])
            for each in wanted:
                if other := self._other(pool, each):
                    return f"{each.section} cannot bind {each.text}: the pool {other} has it"
            if why := next(_refusals(wanted, held), ""):
                return why
            self._held[pool] = list(dict.fromkeys([*held, *wanted]))
        return ""

    def keep(self, pool: str, text: str) -> None:
        """Has the pool hold what this text listens on and nothing else, whoever has it: it is what runs."""
        with self._lock:
            self._held[pool] = listeners(text)

    def leave(self, pool: str) -> None:
        """Has the pool hold nothing any more."""
        with self._lock:
            self._held.pop(pool, None)

    def ports(self, but: str) -> list[range]:
        """The ports of all pools but this one."""
        with self._lock:
            return [each.ports for pool, held in self._held.items() if pool != but for each in held]

    def _other(self, pool: str, wanted: Listener) -> str:
        for name, held in self._held.items():
            if name != pool and any(wanted.meets(each) for each in held):
                return name
        return ""


def _refusals(wanted: list[Listener], held: list[Listener]) -> Iterator[str]:
    """Why some of what is wanted cannot be; where the pool's own HAProxy may listen already, nobody is asked."""
    for each in wanted:
        own = [other.ports for other in held if each.meets(other)]
        for port in islice(each.ports, _MOST):
            if not any(port in ports for ports in own) and (why := refusal(each.host, port)):
                yield f"{each.section} cannot bind {each.text}: {why}"


def refusal(host: Address | None, port: int) -> str:
    """Why nobody can begin to listen there now; nothing where somebody can, or where it cannot be told."""
    family = socket.AF_INET6 if isinstance(host, IPv6Address) else socket.AF_INET
    try:
        with socket.socket(family) as tried:
            # Connections of before do not count; whoever listens does, whatever he shares.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((str(host) if host is not None else "0.0.0.0", port))  # noqa: S104 - what the text says
    except OSError as error:
        return _TELLING.get(error.errno or 0, "")
    except OverflowError:
        return ""
    return ""
