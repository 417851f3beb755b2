"""Pools on ports that are reserved for somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.errors import AppError
from lbgen.finding import Finding, Severity
from lbgen.origin import Origin
from lbgen.ports.address import ANY_IPV4, Ports, Protocol, read_addresses
from lbgen.ports.holders import of_pool
from lbgen.ports.reserved import Asked, Reserved, advice, message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.edgelb.auto_frontends import Entry
    from lbgen.edgelb.auto_pools import Elsewhere, Refused
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


def elsewhere(reservations: Sequence[Reservation]) -> Elsewhere:
    """Tells which entries of auto pools are on ports that are held for others in the scope of the pool."""
    reserved = Reserved(reservations)

    def refused(pool: str, entries: Sequence[Entry]) -> Refused:
        if not reservations:
            return []
        own = {f"/{each.strip('/')}" for each in (pool, *(entry.wish.task.ref.id for entry in entries))}
        found = ((entry, reserved.in_the_way(_asked_by(pool, entry), own)) for entry in entries)
        return [(entry.wish, _error(entry, each)) for entry, each in found if each is not None]

    return refused


def _asked_by(pool: str, entry: Entry) -> Asked:
    return Asked(pool, Protocol.TCP, ANY_IPV4.places, Ports(entry.port, entry.port))


def _error(entry: Entry, each: Reservation) -> AppError:
    origin = entry.wish.origin("frontend.port")
    return AppError(message(each), origin=origin, help=advice(each), rule="port-reserved")
