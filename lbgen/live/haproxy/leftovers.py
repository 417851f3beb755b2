"""Servers that the file has no more, and HAProxy still has: in maintenance, until their last connection ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lbgen.live.haproxy.backends import Backend
    from lbgen.live.haproxy.servers import Server


class Leftovers:
    """What is left in each backend, with what its line said where that is known."""

    def __init__(self) -> None:
        self._by_backend: dict[str, dict[str, Server | None]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._by_backend.values()))

    def forget(self) -> None:
        """Nothing is left: a new worker has the servers of the file alone."""
        self._by_backend.clear()

    def keep(self, backend: str, there: Iterable[str], lines: Mapping[str, Server]) -> None:
        """These, and no others, are left of the backend; `lines` are the servers that it had before."""
        known = {**lines, **self._by_backend.pop(backend, {})}
        left = {name: known.get(name) for name in there}
        if left:
            self._by_backend[backend] = left

    def of(self, backend: str) -> Mapping[str, Server | None]:
        """What is left of the backend."""
        return self._by_backend.get(backend, {})

    def backends(self) -> list[str]:
        """The backends in which something is left."""
        return list(self._by_backend)

    def strange(self, backend: Backend) -> set[str]:
        """Servers of the backend that come back with other words than those that what is left has."""
        left = self.of(backend.name)
        return {
            name
            for name, server in backend.servers.items()
            if name in left and ((old := left[name]) is None or old.options != server.options)
        }
