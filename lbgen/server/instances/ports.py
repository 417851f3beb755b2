"""Ports that pools leave to run time: chosen once, free at that moment, and kept for as long as the pool is there."""

from __future__ import annotations

import hashlib
import json
import threading
from typing import TYPE_CHECKING

from lbgen.pipeline.output import write_files
from lbgen.server.instances.binding import refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from lbgen.edgelb.pool import Pool
    from lbgen.server.instances.binding import Addresses

# No frontend can be called so: it is no name for HAProxy.
_STATS = "the statistics"


class Ports:
    """The ports of all pools, kept in a file; asked by many threads."""

    def __init__(self, file: Path, addresses: Addresses) -> None:
        self._file = file
        self._addresses = addresses
        self._lock = threading.Lock()
        self._kept = _read(file)

    def of(self, pool: Pool, allowed: range) -> dict[int | None, int]:
        """The ports that are chosen for the pool, by the position of the frontend, None for the statistics.

        A frontend that had a port of its own keeps that, as in Edge-LB. What has no port gets none where none of those
        allowed is free. Raises ToolError where they cannot be kept.
        """
        with self._lock:
            kept = dict(self._kept.get(pool.name, {}))
            wanted = {name: port for _, name, port in _of(pool) if port}
            named = {name for _, name, _ in _of(pool)}
            ports = {name: port for name, port in {**kept, **wanted}.items() if name in named}
            for _, name, port in _of(pool):
                if not port and (name not in ports or _twice(name, ports)):
                    ports.pop(name, None)
                    found = self._free(pool.name, name, allowed, ports.values())
                    if found is not None:
                        ports[name] = found
            if ports != self._kept.get(pool.name):
                self._keep({**self._kept, pool.name: ports})
            return {index: ports[name] for index, name, port in _of(pool) if not port and name in ports}

    def forget(self, names: Collection[str]) -> None:
        """Lets go of the ports of all pools but these; raises ToolError where that cannot be kept."""
        with self._lock:
            left = {name: ports for name, ports in self._kept.items() if name in names}
            if left != self._kept:
                self._keep(left)

    def _free(self, pool: str, name: str, allowed: range, own: Collection[int]) -> int | None:
        others = {port for other, ports in self._kept.items() if other != pool for port in ports.values()}
        held = self._addresses.ports(but=pool)
        start = int(hashlib.sha256(f"{pool} {name}".encode("utf-8", "surrogatepass")).hexdigest()[:8], 16)
        for step in range(len(allowed)):
            port = allowed[(start + step) % len(allowed)]
            taken = port in others or port in own or any(port in each for each in held)
            if not taken and not refusal(None, port):
                return port
        return None

    def _keep(self, kept: dict[str, dict[str, int]]) -> None:
        write_files({self._file: json.dumps(kept, indent=1, sort_keys=True) + "\n"})
        self._kept = kept


def _of(pool: Pool) -> Iterator[tuple[int | None, str, int]]:
    """What listens: its position, what its port is kept under, and the port that the pool says, 0 for any."""
    yield None, _STATS, pool.stats.port
    for index, frontend in enumerate(pool.frontends):
        yield index, frontend.name, frontend.port


def _twice(name: str, ports: dict[str, int]) -> bool:
    return any(other != name and port == ports[name] for other, port in ports.items())


def _read(file: Path) -> dict[str, dict[str, int]]:
    """What was kept; nothing where that cannot be read: ports are chosen anew."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
        return {str(pool): {str(name): int(port) for name, port in ports.items()} for pool, ports in value.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
