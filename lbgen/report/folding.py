"""Many findings of one kind told once, with a count: a fleet of thousands of apps has thousands of remarks."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lbgen.finding import Finding, Severity
from lbgen.report.places import Place, Placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHOWN = 5
"""How many findings of one rule are shown before the rest is counted; one more than that is not worth a count."""


def folded(placed: Iterable[Placed], shown: int = SHOWN) -> Iterator[Placed]:
    """The findings, of each rule and severity no more than the first ones, then how many more there are.

    Errors are never folded: each is something to mend. Everything stays in the order of the places, errors too, so that
    what is said of one app stands together; what could bury them is short, and their number is in the last line.
    """
    placed = list(placed)
    kinds: defaultdict[tuple[str, Severity], list[Placed]] = defaultdict(list)
    for each in placed:
        kinds[each.finding.rule, each.finding.severity].append(each)
    seen: defaultdict[tuple[str, Severity], int] = defaultdict(int)
    for each in placed:
        key = each.finding.rule, each.finding.severity
        seen[key] += 1
        if seen[key] <= shown or each.finding.severity is Severity.ERROR or len(kinds[key]) == shown + 1:
            yield each
        elif seen[key] == shown + 1:
            yield _more(kinds[key][shown:])


def _more(rest: list[Placed]) -> Placed:
    first = rest[0].finding
    text = f"and {len(rest):,} more of this kind; --verbose shows all"
    return Placed(Finding(first.rule, first.severity, text), Place(""), None, (), tuple(rest))
