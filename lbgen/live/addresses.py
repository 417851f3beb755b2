"""Addresses of the hosts of tasks: a resolver that fails for a moment takes nobody off the load balancer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.pipeline.resolve import resolver

if TYPE_CHECKING:
    from collections.abc import Callable


class Addresses:
    """Asks for each host once between two calls of `forget`, and then again; what was known stands in for no answer."""

    def __init__(self, new: Callable[[], Callable[[str], str | None]] = lambda: resolver(None)) -> None:
        self._new = new
        self._ask = new()
        self._known: dict[str, str] = {}
        self._asked: set[str] = set()

    def __call__(self, host: str) -> str | None:
        """The IPv4 address of the host, now or when it last had one, or None."""
        self._asked.add(host)
        address = self._ask(host)
        if address is None:
            return self._known.get(host)
        self._known[host] = address
        return address

    def forget(self) -> None:
        """Has every host asked for again; one that nobody asked for since the last time is no longer known."""
        self._ask = self._new()
        self._known = {host: address for host, address in self._known.items() if host in self._asked}
        self._asked = set()
