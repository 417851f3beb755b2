"""A placeholder asks for more than its value.

## What it does

Looks at placeholders of templates for attributes (`{backend.__class__}`), items (`{backend[0]}`), conversions
(`{backend!r}`) and widths beyond two digits (`{port:>30000000}`). The fields of `{healthCheck[...]}` are fine.

## Why is this bad?

Marathon-LB fills templates with Python's `str.format`, which does what it is asked for: it writes its own insides to
haproxy.cfg, or makes 30 megabytes out of 90 bytes. lbgen leaves the app out.

## Use instead

Plain placeholders, as `{port}`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from lbgen.lint.label_templates import used_overrides
from lbgen.lint.rule import Problem
from lbgen.marathon.limits import MOST_LINES_TOLD
from lbgen.model.braces import Kind, braces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every placeholder that reaches beyond its value, the first ones of many."""
    return islice(_found(app), MOST_LINES_TOLD)


def _found(app: App) -> Iterator[Problem]:
    for override in used_overrides(app):
        for brace in braces(override.text) if override.row.substituted else ():
            if brace.kind is Kind.REACHING:
                text = override.text[brace.start : brace.end]
                origin = override.label.origin.narrowed(brace.start, brace.end)
                message = f'"{text:.60}" asks for more than a value; only plain placeholders are filled in'
                yield Problem(message, origin, f"write {{{brace.name:.40}}}")
