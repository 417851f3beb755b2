"""Who comes first on which ports: claims whose addresses have something in common, by stretches of ports."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from itertools import accumulate, chain
from operator import itemgetter
from typing import TYPE_CHECKING

from lbgen.ports.address import MOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.ports.claim import Claim

    Notes = tuple[int, ...]

_FEW = 64
"""Stretches of which it is no use to make a tree."""
_MANY = 4096
"""Claims for which it pays to count stretches port by port."""
_ENOUGH = 16
"""Claims that are noted for a stretch at most; there are more than two only where some are in branches."""


class Ranking:
    """Claims and their ranks: the places that they have in the order of their right to what they claim.

    Whatever is asked for here is by rank. Whoever is alone in its section, which is 0 then, clashes with everybody.
    """

    def __init__(self, claims: Sequence[Claim]) -> None:
        # Claims lie about in the memory. It pays to go through them as they come, and to order what is known of them.
        rights = [claim.rank for claim in claims]
        self._order = sorted(range(len(claims)), key=rights.__getitem__)
        self._claims = claims
        sizes = Counter(claim.section for claim in claims)
        numbers = {section: number for number, section in enumerate(sizes, 1) if section and sizes[section] > 1}
        self.sections = self._ranked([numbers.get(claim.section, 0) for claim in claims])
        self.firsts = self._ranked([claim.ports.first if claim.ports is not None else 0 for claim in claims])
        self.lasts = self._ranked([claim.ports.last if claim.ports is not None else 0 for claim in claims])
        branches = [claim.branches for claim in claims]
        self.branches = [branches[at] for at in self._order]

    def __getitem__(self, rank: int) -> Claim:
        return self._claims[self._order[rank]]

    def __iter__(self) -> Iterator[tuple[int, Claim]]:
        """All claims with their ranks, as they come."""
        ranks = [0] * len(self._order)
        for rank, at in enumerate(self._order):
            ranks[at] = rank
        return zip(ranks, self._claims, strict=True)

    def _ranked(self, numbers: Sequence[int]) -> array[int]:
        return array("l", map(numbers.__getitem__, self._order))

    def clash(self, one: int, other: int) -> bool:
        """Whether two claims on one port of one address clash: they are in force together, and not of one section."""
        if self.sections[one] and self.sections[one] == self.sections[other]:
            return False
        return not (self.branches[one] and self[one].excludes(self[other]))

    def is_of_use(self, rank: int, notes: Notes) -> bool:
        """Whether somebody who comes later may clash with this claim, and with none that is noted already."""
        if not notes:
            return True
        branches = self.branches[rank]
        near = [other for other in notes if not self.branches[other] or self.branches[other] == branches]
        alike = {self.sections[other] for other in near}
        return not (self.sections[rank] in alike or 0 in alike or len(alike) > 1)

    def closes(self, rank: int, notes: Notes) -> bool:
        """Whether everybody who comes later clashes with this claim, or with one that is noted already."""
        if self.branches[rank]:
            return len(notes) >= _ENOUGH
        section = self.sections[rank]
        return not section or any(not self.branches[other] and self.sections[other] != section for other in notes)


class Lane:
    """Claims among which an overlap of ports is all that it takes; `ranks` are theirs.

    The ports are cut into stretches at which somebody begins or ends. For each of these the few best claims are noted:
    as many as it takes to find one that clashes with whoever asks.
    """

    __slots__ = ("_cut", "_firsts", "_notes", "_ranking", "_ranks", "_tree")

    def __init__(self, ranking: Ranking, ranks: Iterable[int]) -> None:
        self._ranking = ranking
        self._ranks = ranks
        self._cut: _Cut | None = None
        self._notes: list[Notes] = []
        self._firsts: Sequence[int] = ()
        self._tree: list[Notes] = []

    def best(self, rank: int) -> int:
        """The best claim that clashes with the one of this rank, and is better; its own rank where there is none."""
        self._cut = self._cut or self._prepare()
        low, high = self._cut.between(self._ranking.firsts[rank], self._ranking.lasts[rank])
        if high - low > _FEW:
            return self._best_of(self._of_tree(low, high), rank)
        first = min(self._firsts[low:high], default=rank)
        if first >= rank:
            return rank
        return first if self._ranking.clash(first, rank) else self._best_of(self._notes[low:high], rank)

    def _best_of(self, noted: Iterable[Notes], rank: int) -> int:
        best = rank
        for notes in noted:
            for other in notes:
                # They are in the order of their ranks.
                if other >= best:
                    break
                if self._ranking.clash(other, rank):
                    best = other
                    break
        return best

    def _prepare(self) -> _Cut:
        ranks = sorted(self._ranks)
        firsts, lasts = ([ports[rank] for rank in ranks] for ports in (self._ranking.firsts, self._ranking.lasts))
        cut = _Cut(firsts, lasts)
        painting = _Painting(self._ranking, cut.count)
        for rank, first, last in zip(ranks, firsts, lasts, strict=True):
            painting.paint(rank, *cut.between(first, last))
        self._notes = painting.notes
        nobody = len(self._ranking.firsts)
        self._firsts = array("l", [notes[0] if notes else nobody for notes in painting.notes])
        return cut

    def _of_tree(self, low: int, high: int) -> Iterator[Notes]:
        """What is noted for the stretches from `low` up to `high`, as the fewest nodes of a segment tree have it."""
        if not self._tree:
            self._tree = self._grown()
        low, high = low + len(self._notes), high + len(self._notes)
        while low < high:
            if low & 1:
                yield self._tree[low]
                low += 1
            if high & 1:
                high -= 1
                yield self._tree[high]
            low, high = low >> 1, high >> 1

    def _grown(self) -> list[Notes]:
        tree = [*([()] * len(self._notes)), *self._notes]
        for node in range(len(self._notes) - 1, 0, -1):
            left, right = tree[2 * node], tree[2 * node + 1]
            tree[node] = (left or right) if left == right or not (left and right) else self._merged(left, right)
        return tree

    def _merged(self, left: Notes, right: Notes) -> Notes:
        found: Notes = ()
        for rank in sorted({*left, *right}):
            closed = self._ranking.closes(rank, found)
            if self._ranking.is_of_use(rank, found):
                found = (*found, rank)
            if closed:
                break
        return found


class _Cut:
    """The ports, cut into stretches at which somebody begins or ends; `count` of these."""

    __slots__ = ("_edges", "_passed", "count")

    def __init__(self, firsts: Sequence[int], lasts: Sequence[int]) -> None:
        self._passed: Sequence[int] = ()
        self._edges: Sequence[int] = ()
        if len(firsts) < _MANY:
            self._edges = sorted({*firsts, *(last + 1 for last in lasts)})
            self.count = len(self._edges)
            return
        begins = bytearray(MOST + 2)
        for port in chain(firsts, (last + 1 for last in lasts)):
            begins[port] = 1
        self._passed = array("l", accumulate(begins))
        self.count = self._passed[-1]

    def between(self, first: int, last: int) -> tuple[int, int]:
        """The stretches, from one and up to another, in which these ports are."""
        if self._passed:
            return max(self._passed[first] - 1, 0), self._passed[last]
        return max(bisect_right(self._edges, first) - 1, 0), bisect_right(self._edges, last)


class _Painting:
    """The stretches of a lane, and what is noted for each, best first."""

    def __init__(self, ranking: Ranking, count: int) -> None:
        self.notes: list[Notes] = [()] * count
        self._ranking = ranking
        self._open = array("l", range(count + 1))
        self._covered: dict[object, list[tuple[int, int]]] = {}

    def paint(self, rank: int, low: int, high: int) -> None:
        """Notes the claim for the stretches from `low` up to `high`, where it is of use; the best come first."""
        section, branches = self._ranking.sections[rank], self._ranking.branches[rank]
        if not section and not branches:
            self._close(rank, low, high)
            return
        # Where one like it has been, there is nothing to do: it need not be looked at again.
        covered = self._covered.setdefault((section, branches), [])
        for start, end in _uncovered(covered, low, high):
            self._note(rank, start, end)

    def _close(self, rank: int, low: int, high: int) -> None:
        at = self._first_open(low)
        while at < high:
            self.notes[at] += (rank,)
            self._open[at] = at + 1
            at = self._first_open(at + 1)

    def _note(self, rank: int, low: int, high: int) -> None:
        at = self._first_open(low)
        while at < high:
            notes = self.notes[at]
            if self._ranking.closes(rank, notes):
                self._open[at] = at + 1
            if self._ranking.is_of_use(rank, notes):
                self.notes[at] = (*notes, rank)
            at = self._first_open(at + 1)

    def _first_open(self, at: int) -> int:
        """The first stretch from `at` on for which there is not enough noted yet."""
        opened, end = self._open, at
        while opened[end] != end:
            end = opened[end]
        while opened[at] != end:
            opened[at], at = end, opened[at]
        return end


def _uncovered(covered: list[tuple[int, int]], low: int, high: int) -> list[tuple[int, int]]:
    """What none of the intervals covers, which are apart and in order; adds it to them."""
    begin = bisect_left(covered, low, key=itemgetter(1))
    end = bisect_right(covered, high, key=itemgetter(0))
    within = covered[begin:end]
    bounds = [low, *chain.from_iterable(within), high]
    covered[begin:end] = [(min(bounds), max(bounds))]
    return [(start, stop) for start, stop in zip(bounds[::2], bounds[1::2], strict=True) if start < stop]
