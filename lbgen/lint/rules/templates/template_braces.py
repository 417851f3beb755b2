r"""Braces are single where they should be double, or double where they should be single.

## What it does

Looks at the braces of labels that replace templates in use. Where placeholders are filled in, a brace that HAProxy
shall see is written twice. A few templates are pasted as they are, and there it is written once:
`BACKEND_HTTP_OPTIONS`, `BACKEND_HSTS_OPTIONS`, `BACKEND_STICKY_OPTIONS`.

## Why is this bad?

A single brace stops Marathon-LB with a `KeyError`, for all apps; lbgen leaves the app out. Double braces that nobody
makes single are refused by HAProxy.

## Use instead

```json
"HAPROXY_0_BACKEND_HEAD": "backend {backend}\n  mode {mode}\n  redirect scheme https if !{{ ssl_fc }}\n",
"HAPROXY_0_BACKEND_HTTP_OPTIONS": "  http-request set-header X-Forwarded-Proto https if { ssl_fc }\n"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix
from lbgen.lint.label_templates import lines, used_overrides
from lbgen.lint.rule import Problem
from lbgen.model.braces import Kind, braces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.label_templates import Override
    from lbgen.lint.subjects import App
    from lbgen.model.braces import Brace


def check(app: App) -> Iterator[Problem]:
    """The braces of every label that are not as its template needs them, a problem for each label."""
    for override in used_overrides(app):
        if override.row.substituted:
            yield from _single(override)
        elif any("{{" in line.text and not line.text.lstrip().startswith("#") for line in lines(override.text)):
            yield from _double(override)


def _single(override: Override) -> Iterator[Problem]:
    stray = [brace for brace in braces(override.text) if brace.kind is Kind.STRAY]
    if not stray:
        return
    first = stray[0]
    right = _doubled(override.text, first)
    message = f'"{override.text[first.start : first.end]:.60}" is no placeholder; Marathon-LB would stop for all apps'
    yield Problem(
        message,
        override.label.origin.narrowed(first.start, first.end),
        f'{override.name} is filled in: write "{right:.60}"',
        fix=_fix(override, "double the braces", [(brace, _doubled(override.text, brace)) for brace in stray]),
    )


def _doubled(text: str, brace: Brace) -> str:
    found = text[brace.start : brace.end]
    return found * 2 if len(found) == 1 else f"{{{found}}}"


def _double(override: Override) -> Iterator[Problem]:
    text = override.text
    found = [brace for brace in braces(text) if brace.kind is Kind.DOUBLED]
    start = found[0].start
    end = next((brace.end for brace in found if text[brace.start] == "}"), found[0].end)
    yield Problem(
        f'"{text[start:end]:.60}" is written as it is, with double braces, which HAProxy refuses',
        override.label.origin.narrowed(start, end),
        f"nothing is filled in in {override.name}: write each brace once",
        fix=_fix(override, "write the braces once", [(brace, text[brace.start]) for brace in found]),
    )


def _fix(override: Override, message: str, changes: list[tuple[Brace, str]]) -> Fix:
    origin = override.label.origin
    edits = tuple(Edit(origin.document, text, origin.pointer, brace.start, brace.end) for brace, text in changes)
    return Fix(message, edits, safe=True)
