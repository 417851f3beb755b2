"""Clashes: two claims on one port of one address."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from lbgen.ports.address import ANY_IPV6, Ports

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.ports.address import Address
    from lbgen.ports.claim import Claim

_NO_PORTS = Ports(0, 0)


class Sharing(Enum):
    """What comes of two listeners in one place, as HAProxy and Linux have it."""

    SPLIT = "the kernel deals connections out to both"
    FIRST = "the first takes all connections that are for both"
    SECOND = "the second takes all connections that are for both"
    EITHER = "one of the two takes all connections that are for both, and it is hard to say which"
    LAST = "the one that is opened last takes all connections"
    REFUSED = "the second cannot be opened"
    ONE = "only one of two programs gets it"


@dataclass(frozen=True, slots=True)
class Clash:
    """Two claims on the same ports; `first` has the better right to them. `ports` is None for sockets without any."""

    first: Claim
    second: Claim
    ports: Ports | None

    @property
    def sharing(self) -> Sharing:
        """What comes of it: who asks more plainly gets what is for both."""
        if self.first.foreign or self.second.foreign:
            return Sharing.ONE
        one, other = self.first.address, self.second.address
        if not one.has_ports:
            return Sharing.REFUSED if one.places[0].world == "abns" else Sharing.LAST
        same = set(one.places) & set(other.places)
        if same and one.dual == other.dual:
            return Sharing.SPLIT
        if same == set(ANY_IPV6.places):
            # They are in line, not in a group: the one that was opened first gets what is for both.
            return Sharing.EITHER
        if same:
            return Sharing.SECOND if one.dual else Sharing.FIRST
        return Sharing.FIRST if any(place.host for place in one.places) else Sharing.SECOND


def clashes(claims: Iterable[Claim]) -> list[Clash]:
    """For each claim that somebody else has a better right to, the one who has the best, in the order of claims.

    Claims of one section never clash, nor do those that only hold a port, nor those whose ports are not known. It takes
    time nearly in proportion to the number of claims.
    """
    by_space: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in claims:
        if claim.binds and claim.address.places and (claim.ports is not None or not claim.address.has_ports):
            by_space.setdefault((claim.node, claim.protocol, claim.interface), []).append(claim)
    return [clash for _, members in sorted(by_space.items()) for clash in _in_space(members)]


def _in_space(claims: list[Claim]) -> Iterator[Clash]:
    ranked = sorted(claims, key=lambda claim: claim.rank)
    worlds = _worlds(ranked)
    for rank, claim in enumerate(ranked):
        ports = claim.ports or _NO_PORTS
        found = [best for lane in _lanes(claim.address, worlds) if (best := lane.best(ports, rank)) is not None]
        if found:
            first = ranked[min(found)]
            yield Clash(first, claim, ports.common(first.ports) if first.ports is not None else None)


class _World(NamedTuple):
    """Who listens in a world: everybody, those who listen on all hosts, and those of each host."""

    everybody: _Lane
    on_all: _Lane
    by_host: dict[str, _Lane]


def _worlds(ranked: Sequence[Claim]) -> dict[str, _World]:
    everybody: dict[str, list[int]] = {}
    by_place: dict[tuple[str, str], list[int]] = {}
    for rank, claim in enumerate(ranked):
        for world, host in claim.address.places:
            everybody.setdefault(world, []).append(rank)
            by_place.setdefault((world, host), []).append(rank)
    worlds = {
        world: _World(_Lane(ranked, ranks), _Lane(ranked, by_place.get((world, ""), ())), {})
        for world, ranks in everybody.items()
    }
    for (world, host), ranks in by_place.items():
        worlds[world].by_host[host] = _Lane(ranked, ranks)
    return worlds


def _lanes(address: Address, worlds: dict[str, _World]) -> Iterator[_Lane]:
    for place in address.places:
        world = worlds[place.world]
        if place.host:
            yield world.on_all
            yield world.by_host[place.host]
        else:
            yield world.everybody


class _Lane:
    """Claims among which an overlap of ports is all that it takes; each is known by its rank.

    The ports are cut into stretches at which somebody begins or ends. For each of these the few best claims are kept:
    as many as it takes to find one that is not the asker's own.
    """

    def __init__(self, ranked: Sequence[Claim], ranks: Sequence[int]) -> None:
        self._ranked = ranked
        self._ranks = ranks
        self._edges: list[int] | None = None

    def best(self, ports: Ports, rank: int) -> int | None:
        """The best claim before `rank` on one of these ports that clashes with it."""
        if self._edges is None:
            self._prepare()
        assert self._edges is not None  # noqa: S101 - it was made just now
        low = max(bisect_right(self._edges, ports.first) - 1, 0)
        high = bisect_left(self._edges, ports.last + 1)
        best = rank
        for noted in self._notes(low, high):
            for other in noted:
                # They are in the order of their ranks.
                if other >= best:
                    break
                if _clash(self._ranked[other], self._ranked[rank]):
                    best = other
                    break
        return best if best < rank else None

    def _prepare(self) -> None:
        ranges = [self._ranked[rank].ports or _NO_PORTS for rank in self._ranks]
        edges = sorted({edge for ports in ranges for edge in (ports.first, ports.last + 1)})
        self._edges = edges
        # A segment tree over the stretches: a claim is noted at the few nodes that make up its ports.
        self._size = 1 << max(len(edges) - 1, 1).bit_length()
        self._noted: dict[int, dict[object, int]] = {}
        self._below: dict[int, dict[object, int]] = {}
        for rank, ports in zip(self._ranks, ranges, strict=True):
            self._note(rank, bisect_left(edges, ports.first), bisect_left(edges, ports.last + 1))

    def _note(self, rank: int, low: int, high: int) -> None:
        claim = self._ranked[rank]
        # Whoever clashes with one claim of a section clashes with all of them that are in force together.
        group = (claim.section, claim.branches) if claim.section else rank
        for node in _nodes(low, high, self._size):
            if _keep(self._noted, node, group, rank):
                # What one node has no use for, none above it has: they were told of everything that it was told of.
                while node and _keep(self._below, node, group, rank):
                    node >>= 1  # noqa: PLW2901 - on the way up

    def _notes(self, low: int, high: int) -> Iterator[Iterable[int]]:
        """Who has something of the stretches from `low` up to `high`, the best of each node in order."""
        seen = set()
        for node in _nodes(low, high, self._size):
            if node in self._below:
                yield self._below[node].values()
            above = node >> 1
            while above and above not in seen:
                seen.add(above)
                if above in self._noted:
                    yield self._noted[above].values()
                above >>= 1


_ENOUGH = 8
"""Claims that are kept for each stretch of ports, of as many sections and branches."""


def _nodes(low: int, high: int, size: int) -> Iterator[int]:
    """The nodes of a segment tree that make up the leaves from `low` up to `high`."""
    low, high = low + size, high + size
    while low < high:
        if low & 1:
            yield low
            low += 1
        if high & 1:
            high -= 1
            yield high
        low, high = low >> 1, high >> 1


def _keep(kept: dict[int, dict[object, int]], node: int, group: object, rank: int) -> bool:
    """Whether the claim is noted at the node, where none of its group is yet, and there are not enough already."""
    noted = kept.setdefault(node, {})
    if len(noted) >= _ENOUGH or group in noted:
        return False
    noted[group] = rank
    return True


def _clash(one: Claim, other: Claim) -> bool:
    return not (one.section and one.section == other.section) and not one.excludes(other)
