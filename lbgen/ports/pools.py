"""Claims of pools: of the lines that a configuration has for them, and of what they declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.origin import Origin
from lbgen.ports.address import ANY_IPV4, MOST, Ports, read_addresses
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.configured import Asker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.edgelb.pool import Pool
    from lbgen.origin import SourceMap
    from lbgen.ports.binds import Bind

_Part = tuple[str, str, int, str, Kind]


def of_pool(bind: Bind, pool: Pool, source_map: SourceMap) -> Asker:
    """Who asked for a listener of a pool: the frontend, or the statistics, with the pointer to its port."""
    pointers = [reason.pointer for reason in source_map.reasons(bind.directive.line)]
    for at, _, port, called, kind in _parts(pool):
        if f"{at}/bindPort" in pointers:
            origin = Origin(pool.document, f"{at}/bindPort")
            return Asker(f"{called} of the pool {pool.name}", "bindPort", kind, (origin,), binds=port != 0)
    origins = tuple(Origin(pool.document, pointer) for pointer in pointers[:1])
    return Asker(f"{bind.section.header} of the pool {pool.name}", "a bind line", Kind.BIND, origins)


def declared_by(pool: Pool, node: str) -> Iterator[Claim]:
    """What a pool would bind of which no configuration can be made, and which somebody will mend."""
    for at, address, port, called, kind in _parts(pool):
        found = next(read_addresses(f"{address}:{port}"), None)
        if found is not None and found.ports is not None:
            yield Claim(
                node=node,
                address=found.address,
                ports=found.ports,
                owner=f"{called} of the pool {pool.name}",
                how="bindPort",
                kind=kind,
                # Edge-LB refuses a pool with one port twice, which is told of anyway.
                section=f"{pool.document} {pool.at}",
                origins=(Origin(pool.document, f"{at}/bindPort"),),
                scope=pool.name,
            )


def asked_for(pool: Pool, node: str) -> Iterator[Claim]:
    """The ports that a pool asks Mesos for, and that it does not bind itself: nobody else on its agents gets them."""
    bound = {port for _, _, port, _, _ in _parts(pool)}
    listed = pool.fields.get("ports")
    for index, port in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(port, int) and 1 <= port <= MOST and port not in bound:
            yield Claim(
                node=node,
                address=ANY_IPV4,
                ports=Ports(port, port),
                owner=f"the pool {pool.name}",
                how=Kind.ASKED.value,
                kind=Kind.ASKED,
                section=f"{pool.document} {pool.at}/ports",
                binds=False,
                origins=(Origin(pool.document, f"{pool.at}/ports/{index}"),),
                scope=pool.name,
            )


def _parts(pool: Pool) -> Iterator[_Part]:
    """Everything that binds: its pointer, address and port, and what it is called."""
    yield pool.stats.at, pool.stats.address, pool.stats.port, "the statistics", Kind.STATS
    for part in pool.frontends:
        yield part.at, part.address, part.port, f'the frontend "{part.name}"', Kind.FRONTEND
