"""Sets of ports, for telling in few words which are taken."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from lbgen.ports.address import Ports

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 20


def _words(ports: Ports) -> list[str]:
    # Two that follow each other are not worth a range.
    return [str(port) for port in ports] if ports.last == ports.first + 1 else [str(ports)]


class PortSet:
    """Ports, as the fewest ranges that hold them, the lowest first."""

    def __init__(self, ranges: Iterable[Ports]) -> None:
        self.ranges: list[Ports] = []
        for each in sorted(ranges):
            if self.ranges and each.first <= self.ranges[-1].last + 1:
                self.ranges[-1] = Ports(self.ranges[-1].first, max(each.last, self.ranges[-1].last))
            else:
                self.ranges.append(each)

    def __len__(self) -> int:
        return sum(each.last - each.first + 1 for each in self.ranges)

    def __str__(self) -> str:
        """As in `80, 443, 10000-10150`; of very many only the first."""
        words = [word for each in self.ranges for word in _words(each)]
        more = len(words) - _SHOWN
        return ", ".join(words) if more <= 0 else f"{', '.join(words[:_SHOWN])} and {more} more"

    def within(self, ports: Ports) -> PortSet:
        """Those of them that are in the range."""
        start = bisect_right(self.ranges, ports.first, key=lambda each: each.first)
        found = []
        for each in self.ranges[max(start - 1, 0) :]:
            if each.first > ports.last:
                break
            if (common := each.common(ports)) is not None:
                found.append(common)
        return PortSet(found)
