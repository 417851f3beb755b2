"""Pools on ports that are reserved for somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Finding, Severity
from lbgen.origin import Origin
from lbgen.ports.address import read_addresses
from lbgen.ports.holders import of_pool
from lbgen.ports.reserved import Asked, Reserved, advice, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.edgelb.pool import Pool
    from lbgen.ports.reservation import Reservation


def on_ports_of_others_in(pool: Pool, reservations: Iterable[Reservation]) -> list[Finding]:
    """What is to be said of the frontends and the statistics whose ports are held for others in the pool's scope."""
    reserved, own = Reserved(reservations), of_pool(pool)
    found = []
    for at, asked in _asked(pool):
        each = reserved.in_the_way(asked, own)
        if each is not None:
            origin = Origin(pool.document, f"{at}/bindPort")
            found.append(Finding("port-reserved", Severity.ERROR, message(each), origin, help=advice(each)))
    return found


def _asked(pool: Pool) -> Iterator[tuple[str, Asked]]:
    parts = [(part.at, part.address, part.port) for part in pool.frontends]
    for at, address, port in (*parts, (pool.stats.at, pool.stats.address, pool.stats.port)):
        for listening in read_addresses(f"{address}:{port}"):
            if listening.ports is not None:
                yield at, Asked(pool.name, listening.protocol, listening.address.places, listening.ports)
