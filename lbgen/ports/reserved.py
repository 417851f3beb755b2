"""Which reservation stands in the way of somebody who binds a port."""

from __future__ import annotations

from bisect import bisect_right
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from lbgen.ports.address import ANY, Address, Place, Ports, Protocol
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.reservation import by_whom, told, until

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from lbgen.ports.reservation import Reservation

_Lane = tuple[str, str, str, str | None]
_WILDCARDS = {"*": ANY.places, "0.0.0.0": ANY.places[:1], "::": ANY.places[1:]}  # noqa: S104 - nothing is bound here


class Asked(NamedTuple):
    """What somebody binds for a scope."""

    scope: str
    protocol: str
    places: Sequence[Place]
    ports: Ports


class Reserved:
    """Reservations, found by what they hold; those of a scope, a protocol and a place never overlap."""

    def __init__(self, reservations: Iterable[Reservation]) -> None:
        self._lanes: dict[_Lane, list[Reservation]] = {}
        self._widest = 1
        for each in sorted(reservations, key=lambda each: (each.first_port, each.last_port, each.address)):
            self._widest = max(self._widest, len(each.ports))
            for world, host in places_of(each.address):
                # The last one is everybody in the world.
                for key in ((each.scope, each.protocol, world, host), (each.scope, each.protocol, world, None)):
                    self._lanes.setdefault(key, []).append(each)

    def in_the_way(self, asked: Asked, holders: Collection[str]) -> Reservation | None:
        """A reservation of what is asked for that none of the holders has, be they apps or apps with an index."""
        for world, host in asked.places:
            for key in (host, "") if host else (None,):
                lane = self._lanes.get((asked.scope, asked.protocol, world, key), ())
                for each in self._on(lane, asked.ports):
                    if each.holder not in holders and each.holder.rpartition(":")[0] not in holders:
                        return each
        return None

    def _on(self, lane: Sequence[Reservation], ports: Ports) -> Iterator[Reservation]:
        start = bisect_right(lane, ports.first - self._widest, key=lambda each: each.first_port)
        for at in range(start, len(lane)):
            if lane[at].first_port > ports.last:
                return
            if lane[at].last_port >= ports.first:
                yield lane[at]


def as_claim(each: Reservation) -> Claim:
    """The reservation among claims: it holds ports, and binds none."""
    return Claim(
        node=f"group {each.scope}",
        address=Address(each.address, places_of(each.address)),
        ports=Ports(each.first_port, each.last_port),
        owner=each.holder,
        how=f"reserved{by_whom(each)} until {until(each)}",
        kind=Kind.RESERVED,
        protocol=Protocol(each.protocol),
        binds=False,
        scope=each.scope,
    )


def places_of(address: str) -> tuple[Place, ...]:
    """The places that the address of a reservation stands for."""
    if address in _WILDCARDS:
        return _WILDCARDS[address]
    found = ip_address(address)
    return (Place(f"ipv{found.version}", str(found)),)


def message(each: Reservation) -> str:
    """What is wrong with binding it."""
    return f"port {each.named_ports} is {told(each)}"


def advice(each: Reservation) -> str:
    """What else is known of it, and what to do."""
    note = f'its note is "{each.note:.60}"; ' if each.note else ""
    tell = f"lbgen ports whois {each.first_port} --scope {each.scope}"
    return f"{note}{tell} tells more, lbgen ports reserve --for APP holds another one"
