"""Where this machine lets in what a configuration listens for."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, NamedTuple

from lbgen.routing.binds import binds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.haproxy.parse import Config
    from lbgen.routing.binds import Bind
    from lbgen.routing.values import Address

_MOST_OF_ONE_BIND = 256
_PRIVILEGED = 1024
LOOPBACK, EVERYWHERE = "127.0.0.1", "0.0.0.0"  # noqa: S104 - with --publish alone


class Wall(NamedTuple):
    """What a configuration names: an address, None for all of them, and a port."""

    host: Address | None
    port: int


def walls(config: Config) -> list[Wall]:
    """Every address and port that the configuration listens on, in its order, each once."""
    found = (wall for each in _binds(config) for wall in walls_of(each))
    return list(dict.fromkeys(found))


def walls_of(bind: Bind) -> list[Wall]:
    """The addresses and ports of one address of a `bind` line."""
    return [Wall(bind.host, port) for port in bind.ports[:_MOST_OF_ONE_BIND]]


def _binds(config: Config) -> Iterator[Bind]:
    for directive in config.directives():
        if directive.keyword == "bind" and directive.problem is None:
            yield from binds(directive)


class Doors:
    """Free ports of this machine in place of those that configurations name.

    A port that is chosen stays chosen, and is held: nobody else gets it who wants it alone. HAProxy, which shares
    ports, does.
    """

    def __init__(self, *, published: bool = False) -> None:
        self.host = EVERYWHERE if published else LOOPBACK
        self._ports: dict[tuple[str, Wall], int] = {}
        self._held: list[socket.socket] = []

    def open(self, balancer: str, wanted: Iterable[Wall]) -> dict[Wall, int]:
        """The port of this machine for each of these of a balancer."""
        return {wall: self._port(balancer, wall) for wall in wanted}

    def inner(self) -> int:
        """A port of this machine for something that only HAProxy has to reach."""
        return self._hold(LOOPBACK, (0,))

    def let_go(self) -> None:
        """Holds the ports no longer, as for an engine that does not share them; they stay chosen."""
        for held in self._held:
            held.close()
        self._held.clear()

    def forget(self, balancer: str) -> None:
        """Chooses anew for the balancer, when it is asked for the next time."""
        for key in [key for key in self._ports if key[0] == balancer]:
            del self._ports[key]

    def _port(self, balancer: str, wall: Wall) -> int:
        key = balancer, wall
        if key not in self._ports:
            self._ports[key] = self._hold(self.host, preferred(wall.port))
        return self._ports[key]

    def _hold(self, host: str, candidates: Iterable[int]) -> int:
        """The first of the ports that nobody has and that is not chosen yet."""
        taken = set(self._ports.values())
        held = next(found for port in candidates if port not in taken and (found := _held(host, port)) is not None)
        self._held.append(held)
        return int(held.getsockname()[1])


def preferred(port: int) -> Iterator[int]:
    """Ports of this machine for a port of a configuration, the one to be tried first; 0 lets the kernel choose."""
    if port >= _PRIVILEGED:
        yield port
    elif port < 1000:
        yield 8000 + port
    if port + 10000 < 65536:
        yield port + 10000
    yield 0


def _held(host: str, port: int) -> socket.socket | None:
    """A socket that holds the port and takes no connection; None where somebody has it."""
    held = socket.socket()
    try:
        held.bind((host, port))
        # From now on those may have it too who ask to share.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    except OSError:
        held.close()
        return None
    return held
