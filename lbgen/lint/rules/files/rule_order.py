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

from lbgen.lint.directives import Blamed, conditional_blocks
from lbgen.lint.rule import Problem
from lbgen.lint.rule_lines import RANKS, by_author, final_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.rule_lines import RuleLine
    from lbgen.lint.subjects import Configuration

_PROXIES = frozenset({"frontend", "listen", "backend", "defaults"})


def check(configuration: Configuration) -> Iterator[Problem]:
    """Every rule that is carried out before one that stands above it, and every one that is never reached."""
    skipped = conditional_blocks(configuration).skipped
    blamed = Blamed(configuration)
    for section in configuration.config.sections:
        if section.kind in _PROXIES:
            conditional = any(directive.keyword == ".if" for directive in section.directives)
            for rules in by_author(section, configuration, skipped):
                yield from _misplaced(rules, configuration, blamed)
                if not conditional:
                    yield from _unreached(rules, configuration, blamed)


def _misplaced(rules: Sequence[RuleLine], configuration: Configuration, blamed: Blamed) -> Iterator[Problem]:
    latest: RuleLine | None = None
    for keyword, directive in rules:
        if keyword not in RANKS:
            continue
        if latest is None or RANKS[keyword] >= RANKS[latest[0]]:
            latest = keyword, directive
        elif where := blamed.of(directive):
            yield Problem(
                f"'{keyword}' is carried out before '{latest[0]}', which stands above it",
                where.at(()),
                f"write it above the '{latest[0]}'",
                config=configuration.line(directive),
            )


def _unreached(rules: Sequence[RuleLine], configuration: Configuration, blamed: Blamed) -> Iterator[Problem]:
    final: dict[str, str] = {}
    for keyword, directive in rules:
        if keyword in final:
            where = blamed.of(directive)
            if where is not None:
                message = f"is never reached: '{final[keyword]}' above it has no condition"
                yield Problem(message, where.at(()), "write it above that line", config=configuration.line(directive))
        elif said := final_rule(keyword, directive):
            final[keyword] = said
