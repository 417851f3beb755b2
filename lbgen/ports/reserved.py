"""Which reservation stands in the way of somebody who binds a port."""

from __future__ import annotations

from bisect import bisect_left
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from lbgen.ports.address import ANY, Address, Place, Ports, Protocol
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.reservation import by_whom, told, until

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from lbgen.ports.reservation import Reservation

_WILDCARDS = {"*": ANY.places, "0.0.0.0": ANY.places[:1], "::": ANY.places[1:]}  # noqa: S104 - nothing is bound here


class Asked(NamedTuple):
    """What somebody binds for a scope."""

    scope: str
    protocol: str
    places: Sequence[Place]
    ports: Ports


class _Lane(NamedTuple):
    """Reservations by their first port, and up to each of them the last port that is held."""

    held: list[Reservation]
    reach: list[int]

    def on(self, ports: Ports) -> Iterator[Reservation]:
        """Those that hold some of the ports."""
        for at in range(bisect_left(self.reach, ports.first), len(self.held)):
            each = self.held[at]
            if each.first_port > ports.last:
                return
            if each.last_port >= ports.first:
                yield each


class Reserved:
    """Reservations, found by what they hold."""

    def __init__(self, reservations: Iterable[Reservation]) -> None:
        self._lanes: dict[tuple[str, str, str, str | None], _Lane] = {}
        for each in sorted(reservations, key=lambda each: (each.first_port, each.last_port, each.address)):
            for world, host in places_of(each.address):
                # The last one is everybody in the world.
                for key in ((each.scope, each.protocol, world, host), (each.scope, each.protocol, world, None)):
                    lane = self._lanes.setdefault(key, _Lane([], []))
                    lane.reach.append(max(each.last_port, lane.reach[-1] if lane.reach else 0))
                    lane.held.append(each)

    def in_the_way(self, asked: Asked, holders: Collection[str]) -> Reservation | None:
        """A reservation of what is asked for that none of the holders has, be they apps or apps with an index."""
        for world, host in asked.places:
            for key in (host, "") if host else (None,):
                lane = self._lanes.get((asked.scope, asked.protocol, world, key))
                for each in lane.on(asked.ports) if lane is not None else ():
                    if each.holder not in holders and each.holder.rpartition(":")[0] not in holders:
                        return each
        return None


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
