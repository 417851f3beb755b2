"""Findings with the places that they are about, as links."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import Severity
from lbgen.origin import Origin
from lbgen.server.page.levels import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.finding import Finding
    from lbgen.server.page.seen import Seen

LEVELS = {Severity.ERROR: Level.ERROR, Severity.WARNING: Level.WARNING, Severity.INFO: Level.IDLE}


class Told(NamedTuple):
    """A finding: `pointer` leads to the field of the pool that it is about.

    `field` is its line in the JSON, `line` one of the configuration; 0 where there is none.
    """

    level: Level
    finding: Finding
    pointer: str
    field: int
    line: int


def told(seen: Seen, found: Iterable[Finding]) -> Iterator[Told]:
    """The findings with their places."""
    # Its lines are those of the configuration that is wanted, which need not be the one that is shown.
    same = seen.rendering.text == seen.text
    for finding in found:
        origin = finding.origin
        in_pool = origin is not None and origin.document == seen.name
        pointer = origin.pointer if origin is not None and in_pool else ""
        field = seen.line_of(Origin(seen.name, pointer)) if in_pool else 0
        yield Told(LEVELS[finding.severity], finding, pointer, field, _line(finding) if same else 0)


def _line(finding: Finding) -> int:
    if finding.config is not None:
        return finding.config.line
    position = finding.origin.position if finding.origin is not None else None
    return position.line if position is not None else 0


def counted(found: Iterable[Finding]) -> list[tuple[Level, str]]:
    """How many errors and warnings there are, in words."""
    severities = [finding.severity for finding in found]
    numbers = [(each, severities.count(each)) for each in (Severity.ERROR, Severity.WARNING)]
    return [(LEVELS[each], f"{number} {each}{'' if number == 1 else 's'}") for each, number in numbers if number]
