"""Clashes: two claims on one port of one address."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from lbgen.ports.address import ANY_IPV6
from lbgen.ports.lane import Lane, Ranking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.ports.address import Ports
    from lbgen.ports.claim import Claim


class Sharing(Enum):
    """What comes of two listeners in one place, as HAProxy and Linux have it."""

    SPLIT = "the kernel deals connections out to both"
    FIRST = "the first takes all connections that are for both"
    SECOND = "the second takes all connections that are for both"
    EITHER = "one of the two takes all connections that are for both, and it is hard to say which"
    LAST = "the one that is opened last takes all connections"
    REFUSED = "the second cannot be opened"
    ONE = "only one of two programs gets it"
    GIVEN = "Mesos gives it to one of the two"


class Clash(NamedTuple):
    """Two claims on the same ports; `first` has the better right to them."""

    first: Claim
    second: Claim

    @property
    def ports(self) -> Ports | None:
        """The ports that both claim; None for sockets without any."""
        one, other = self.first.ports, self.second.ports
        return one.common(other) if one is not None and other is not None else None

    @property
    def sharing(self) -> Sharing:
        """What comes of it: who asks more plainly gets what is for both."""
        first, second = self.first, self.second
        if first.given and second.given and not (first.scope and first.scope == second.scope):
            return Sharing.GIVEN
        return Sharing.ONE if first.foreign or second.foreign else _of_haproxy(first, second)


def _of_haproxy(first: Claim, second: Claim) -> Sharing:
    one, other = first.address, second.address
    if not one.has_ports:
        return Sharing.REFUSED if one.places[0].world == "abns" else Sharing.LAST
    same = set(one.places) & set(other.places)
    if not same:
        return Sharing.FIRST if any(place.host for place in one.places) else Sharing.SECOND
    if one.dual == other.dual and first.interface == second.interface:
        return Sharing.SPLIT
    if one.dual == other.dual or same == set(ANY_IPV6.places):
        # They are in line, not in a group: the one that was opened first gets what is for both, or the last, on IPv4.
        return Sharing.EITHER
    return Sharing.SECOND if one.dual else Sharing.FIRST


def clashes(claims: Iterable[Claim]) -> list[Clash]:
    """For each claim that somebody else has a better right to, the one who has the best, in the order of claims.

    Claims of one section never clash, nor do those that only hold a port, nor those whose ports are not known. It takes
    time nearly in proportion to the number of claims, whatever they claim.
    """
    by_space: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in claims:
        if claim.binds and claim.address.places and (claim.ports is not None or not claim.address.has_ports):
            by_space.setdefault((claim.node, claim.namespace, claim.protocol), []).append(claim)
    return [clash for _, members in sorted(by_space.items()) for clash in _in_space(members)]


def _in_space(claims: Sequence[Claim]) -> Iterable[Clash]:
    ranking = Ranking(claims)
    interfaces = any(claim.interface for claim in claims)
    lanes = _lanes(ranking, interfaces=interfaces)
    found = {}
    for rank, claim in ranking:
        keys = _met_by(claim, interfaces=interfaces)
        best = min([lanes[key].best(rank) for key in keys if key in lanes], default=rank)
        if best < rank:
            found[rank] = Clash(ranking[best], claim)
    return map(found.__getitem__, sorted(found))


_Key = tuple[str, str | None, str | None]
"""A lane: those in a world who listen on a host and an interface. Each may be all of them, or None, which is any."""


def _lanes(ranking: Ranking, *, interfaces: bool) -> dict[_Key, Lane]:
    ranks: dict[_Key, list[int]] = {}
    for rank, claim in ranking:
        for key in _found_at(claim, interfaces=interfaces):
            ranks.setdefault(key, []).append(rank)
    # Nobody else asks for a host of its own, where there are no interfaces.
    return {key: Lane(ranking, found) for key, found in ranks.items() if len(found) > 1 or interfaces or not key[1]}


def _found_at(claim: Claim, *, interfaces: bool) -> Iterator[_Key]:
    """Where others may find it; `interfaces` tells whether anybody at all names one."""
    for world, host in claim.address.places:
        yield world, host, claim.interface
        yield world, None, claim.interface
        if interfaces:
            yield world, host, None
            yield world, None, None


def _met_by(claim: Claim, *, interfaces: bool) -> Iterator[_Key]:
    """Where it finds others: whoever names no host, or no interface, meets those of any."""
    of_any = None if interfaces else ""
    for interface in (claim.interface, "") if claim.interface else (of_any,):
        for world, host in claim.address.places:
            if host:
                yield world, host, interface
                yield world, "", interface
            else:
                yield world, None, interface
