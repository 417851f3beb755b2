"""Lines that are rules: their phases, who wrote them, and which of them end all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.conditions import condition_at
from lbgen.lint.directives import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.haproxy.parse import Directive, Section
    from lbgen.lint.subjects import Configuration
    from lbgen.origin import Origin

_PHASES = ("tcp-request connection", "tcp-request session", "tcp-request content")
RANKS = {phase: rank for rank, phase in enumerate((*_PHASES, "monitor", "http-request", "redirect", "use_backend"))}
_FINAL = {
    "http-request": frozenset({"deny", "allow", "tarpit", "reject", "redirect", "return", "auth", "silent-drop"}),
    "http-response": frozenset({"deny", "allow", "redirect", "return", "silent-drop"}),
    "tcp-request connection": frozenset({"accept", "reject", "silent-drop"}),
    "tcp-request session": frozenset({"accept", "reject", "silent-drop"}),
    "tcp-request content": frozenset({"accept", "reject", "silent-drop"}),
}
# A rule and what it is called: `http-request`, `tcp-request content`.
RuleLine = tuple[str, "Directive"]


def _rules(section: Section) -> Iterator[RuleLine]:
    for directive in section.directives:
        keyword = directive.keyword
        if keyword == "tcp-request":
            keyword = " ".join((keyword, *directive.values[:1]))
        if keyword in RANKS or keyword in _FINAL:
            yield keyword, directive


def by_author(section: Section, configuration: Configuration, skipped: frozenset[int]) -> Iterable[Sequence[RuleLine]]:
    """The rules of a section, apart for each label that wrote some: nobody orders the lines of others."""
    read = (rule for rule in _rules(section) if rule[1].line not in skipped)
    if not configuration.generated:
        return [list(read)]
    found: dict[tuple[str, str], list[RuleLine]] = {}
    seen: set[Origin] = set()
    for rule in read:
        where = written(configuration, rule[1])
        # A label whose lines are there for each server says them once.
        if where is not None and where.text is not None and where.origin not in seen:
            seen.add(where.origin)
            found.setdefault((where.origin.document, where.origin.pointer), []).append(rule)
    return found.values()


def final_rule(keyword: str, directive: Directive) -> str | None:
    """The rule in short, if it is final and has no condition."""
    values = directive.values
    if condition_at(directive) is not None:
        return None
    if keyword == "redirect" or (keyword == "use_backend" and values and "%" not in values[0]):
        return keyword
    action = values[keyword.count(" ")] if len(values) > keyword.count(" ") else ""
    return f"{keyword} {action}" if action in _FINAL.get(keyword, ()) else None
