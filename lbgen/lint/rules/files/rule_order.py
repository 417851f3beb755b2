"""Rules stand in an order in which HAProxy does not carry them out, or behind one that ends them all.

## What it does

Looks for rules behind rules of a later phase, whatever the lines say: HAProxy carries out `tcp-request connection`,
`tcp-request session`, `tcp-request content`, `monitor fail`, `http-request`, `redirect` and `use_backend` in this
order. And it looks for rules behind one of their own kind that is final and has no condition, such as
`http-request deny`.

In a generated configuration only lines of one label, or of one template of an operator's, are compared.

## Why is this bad?

Who reads the file from top to bottom believes that a request that `use_backend` takes is past every rule below. It is
not: an `http-request` there still counts for it. What stands behind an unconditional `http-request deny` never counts.

## Use instead

Write the rules in the order in which they are carried out; give final rules a condition, or write them last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.conditions import condition_at
from lbgen.lint.directives import Blamed, conditional_blocks, written
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.haproxy.parse import Directive, Section
    from lbgen.lint.subjects import Configuration
    from lbgen.origin import Origin

_PROXIES = frozenset({"frontend", "listen", "backend", "defaults"})
_PHASES = ("tcp-request connection", "tcp-request session", "tcp-request content")
_RANKS = {phase: rank for rank, phase in enumerate((*_PHASES, "monitor", "http-request", "redirect", "use_backend"))}
_FINAL = {
    "http-request": frozenset({"deny", "allow", "tarpit", "reject", "redirect", "return", "auth", "silent-drop"}),
    "http-response": frozenset({"deny", "allow", "redirect", "return", "silent-drop"}),
    "tcp-request connection": frozenset({"accept", "reject", "silent-drop"}),
    "tcp-request session": frozenset({"accept", "reject", "silent-drop"}),
    "tcp-request content": frozenset({"accept", "reject", "silent-drop"}),
}


def check(configuration: Configuration) -> Iterator[Problem]:
    """Every rule that is carried out before one that stands above it, and every one that is never reached."""
    skipped = conditional_blocks(configuration).skipped
    blamed = Blamed(configuration)
    for section in configuration.config.sections:
        if section.kind in _PROXIES:
            for rules in _by_author(section, configuration, skipped):
                yield from _misplaced(rules, configuration, blamed)
                if not any(directive.keyword == ".if" for directive in section.directives):
                    yield from _unreached(rules, configuration, blamed)


_Rule = tuple[str, "Directive"]


def _rules(section: Section) -> Iterator[_Rule]:
    for directive in section.directives:
        keyword = directive.keyword
        if keyword == "tcp-request":
            keyword = " ".join((keyword, *directive.values[:1]))
        if keyword in _RANKS or keyword in _FINAL:
            yield keyword, directive


def _by_author(section: Section, configuration: Configuration, skipped: frozenset[int]) -> Iterable[Sequence[_Rule]]:
    """The rules of a section, apart for each label that wrote some: nobody orders the lines of others."""
    read = (rule for rule in _rules(section) if rule[1].line not in skipped)
    if not configuration.generated:
        return [list(read)]
    found: dict[tuple[str, str], list[_Rule]] = {}
    seen: set[Origin] = set()
    for rule in read:
        where = written(configuration, rule[1])
        # A label whose lines are there for each server says them once.
        if where is not None and where.text is not None and where.origin not in seen:
            seen.add(where.origin)
            found.setdefault((where.origin.document, where.origin.pointer), []).append(rule)
    return found.values()


def _misplaced(rules: Sequence[_Rule], configuration: Configuration, blamed: Blamed) -> Iterator[Problem]:
    latest: _Rule | None = None
    for keyword, directive in rules:
        if keyword not in _RANKS:
            continue
        if latest is None or _RANKS[keyword] >= _RANKS[latest[0]]:
            latest = keyword, directive
        elif where := blamed.of(directive):
            yield Problem(
                f"'{keyword}' is carried out before '{latest[0]}', which stands above it",
                where.at(()),
                f"write it above the '{latest[0]}'",
                config=configuration.line(directive),
            )


def _unreached(rules: Sequence[_Rule], configuration: Configuration, blamed: Blamed) -> Iterator[Problem]:
    final: dict[str, str] = {}
    for keyword, directive in rules:
        if keyword in final:
            where = blamed.of(directive)
            if where is not None:
                message = f"is never reached: '{final[keyword]}' above it has no condition"
                yield Problem(message, where.at(()), "write it above that line", config=configuration.line(directive))
        elif said := _final(keyword, directive):
            final[keyword] = said


def _final(keyword: str, directive: Directive) -> str | None:
    """The rule in short, if it is final and has no condition."""
    values = directive.values
    if condition_at(directive) is not None:
        return None
    if keyword == "redirect" or (keyword == "use_backend" and values and "%" not in values[0]):
        return keyword
    action = values[keyword.count(" ")] if len(values) > keyword.count(" ") else ""
    return f"{keyword} {action}" if action in _FINAL.get(keyword, ()) else None
