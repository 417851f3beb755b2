"""A label that replaces a template uses a placeholder that this template does not get.

## What it does

Looks at every placeholder of a template in use. Which ones there are differs by template, and by the shape of the
service: with `HAPROXY_0_REDIRECT_TO_HTTPS`, `HTTP_FRONTEND_ACL` gets no `{appId}`. A few templates, as
`BACKEND_HTTP_OPTIONS`, are pasted as they are: `{backend}` stays `{backend}` there, which is a warning.

## Why is this bad?

Marathon-LB stops with a `KeyError`, for all apps. lbgen leaves the app out.

## Use instead

One of the placeholders that the message lists. Braces that HAProxy shall see are written twice: `{{ ssl_fc }}`.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.label_templates import used_overrides
from lbgen.lint.rule import Problem
from lbgen.marathon.limits import MOST_LINES_TOLD
from lbgen.marathon.templates import TEMPLATES
from lbgen.model.braces import Kind, braces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.label_templates import Override
    from lbgen.lint.subjects import App
    from lbgen.model.braces import Brace

_ALL = frozenset().union(*(row.placeholders for row in TEMPLATES.values()))


def check(app: App) -> Iterator[Problem]:
    """Every placeholder that is not filled in, each once for a label, the first ones of many."""
    return islice(_found(app), MOST_LINES_TOLD)


def _found(app: App) -> Iterator[Problem]:
    for override in used_overrides(app):
        found = [brace for brace in braces(override.text) if brace.kind is Kind.PLACEHOLDER]
        for brace in {(brace.name, brace.key): brace for brace in reversed(found)}.values():
            yield from _judged(override, brace)


def _judged(override: Override, brace: Brace) -> Iterator[Problem]:
    origin = override.label.origin.narrowed(brace.start, brace.end)
    if not override.row.substituted:
        if brace.name in _ALL:
            message = f"{{{brace.name}}} is written as it is: {override.name} has no placeholders"
            yield Problem(message, origin, severity=Severity.WARNING)
        return
    known = frozenset.intersection(*(use.placeholders for use in override.uses))
    if brace.name not in known:
        listed = ", ".join(f"{{{name}}}" for name in sorted(known)) or "none"
        message = f"there is no placeholder {{{brace.name:.60}}} here; Marathon-LB would stop for all apps"
        yield Problem(message, origin, f"there are: {listed}", fix=_fix(override, brace, known))
    elif brace.key and (problem := _missing(override, brace.key)):
        yield Problem(problem, origin, "the keys are those of the app's health check")


def _missing(override: Override, key: str) -> str:
    check = override.service.check
    if check is None or key in check.raw:
        return ""
    return f'the health check has no "{key:.60}"; Marathon-LB would stop for all apps'


def _fix(override: Override, brace: Brace, known: frozenset[str]) -> Fix | None:
    from difflib import get_close_matches

    close = get_close_matches(brace.name, sorted(known), n=1, cutoff=0.75) if len(brace.name) < 40 else []
    if not close:
        return None
    start = brace.start + 1
    origin = override.label.origin
    edit = Edit(origin.document, close[0], origin.pointer, start, start + len(brace.name))
    return Fix(f"write {{{close[0]}}}", (edit,), safe=False)
