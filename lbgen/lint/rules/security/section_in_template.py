"""A label that replaces a template opens a section.

## What it does

Looks for `global`, `defaults`, `listen`, `program` and every other word that opens a section in labels that replace
templates. The head of a frontend, a backend or a list of users may open its own, in its first line.

## Why is this bad?

Whoever may write an app may then write anything: a second `global` section that loads Lua, a listener that nobody
knows of. It passes `haproxy -c`. lbgen leaves the app out; an operator who says `--unsafe-templates` takes
it, and is warned.

## Use instead

What belongs into a section of its own is the operator's to write, in `HAPROXY_HEAD`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from lbgen.haproxy.parse import SECTION_KEYWORDS
from lbgen.lint.rule import Problem
from lbgen.lint.template_lines import said_lines
from lbgen.marathon.limits import MOST_LINES_TOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every line that opens a section, the first ones of many."""
    return islice(_found(app), MOST_LINES_TOLD)


def _found(app: App) -> Iterator[Problem]:
    for line in said_lines(app):
        word, row = line.words[0].text, line.override.row
        if word not in SECTION_KEYWORDS or (line.first and (row.in_line or word == row.opens)):
            continue
        allowed = f"; the first line may open a {row.opens}, no other" if row.opens else ""
        help_ = "take it out: sections are the operator's"
        yield Problem(
            f"opens a section: '{line.text.strip():.60}'{allowed}", line.origin, help_, severity=line.severity
        )
