r"""A line of a haproxy.cfg cannot be cut into words, or a conditional block has no end.

## What it does

Looks for quotes that are never closed, for `\x` without two hexadecimal digits, for variables in double quotes that
HAProxy cannot read (`"${NAME"`), and for `.elif`, `.else` and `.endif` without `.if`, or `.if` without `.endif`.

## Why is this bad?

HAProxy refuses the whole file. Where a quote is missing it may read on up to the next one, and complain elsewhere.

## Use instead

Close what is open. A quote, a `#` or a blank that is meant as such has a backslash in front of it, and a `$` in double
quotes is written `\$`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.directives import Blamed, conditional_blocks
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Directive
    from lbgen.lint.subjects import Configuration


def check(configuration: Configuration) -> Iterator[Problem]:
    """Every line that HAProxy cannot read, and every conditional line out of place."""
    blamed = Blamed(configuration)
    found = conditional_blocks(configuration)
    for directive in configuration.config.directives():
        if directive.line not in found.skipped and _suspicious(directive):
            yield from _unreadable(directive, configuration, blamed)
    for misplaced in found.misplaced:
        if origin := configuration.origin(misplaced.line):
            yield Problem(misplaced.reason, origin, "every .if needs an .endif, and may have .elif and one .else")


def _suspicious(directive: Directive) -> bool:
    """Whether the line holds anything that can go wrong: most do not."""
    return any(sign in directive.raw for sign in "\"'\\")


def _unreadable(directive: Directive, configuration: Configuration, blamed: Blamed) -> Iterator[Problem]:
    error = directive.problem
    where = blamed.of(directive) if error is not None else None
    if error is not None and where is not None:
        yield Problem(
            f"has {_an(error.reason)} at column {error.column}",
            where.origin,
            "HAProxy refuses the whole file",
            config=configuration.line(directive),
        )


def _an(reason: str) -> str:
    return f"{'an' if reason[0] in 'aeiou' else 'a'} {reason}"
