"""A value is none of those that HAProxy takes there.

## What it does

Looks at `HAPROXY_{n}_MODE`, which is `http` or `tcp`, and at `HAPROXY_{n}_BALANCE`, as the HAProxy that is aimed at
(`--target`) knows its algorithms and their arguments.

## Why is this bad?

HAProxy refuses the whole file, so that nobody is served. lbgen leaves the app out. In tcp mode, `uri`, `url_param` and
`hdr` have nothing to look at: HAProxy uses `roundrobin`, and says so in its log alone.

## Use instead

```json
"HAPROXY_0_MODE": "http",
"HAPROXY_0_BALANCE": "leastconn"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.haproxy import balance
from lbgen.lint.labels import faultless, read_labels, rewritten
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Label

_MODES = ("http", "tcp")


def check(app: App) -> Iterator[Problem]:
    """Every MODE and BALANCE that HAProxy refuses, or reads otherwise."""
    for label, _ in read_labels(app):
        if label.name == "MODE" and label.text.strip().lower() not in _MODES:
            yield _mode(label)
        elif label.name == "BALANCE" and label.text.strip():
            yield from _balance(app, label)


def _mode(label: Label) -> Problem:
    from difflib import get_close_matches

    near = next(iter(get_close_matches(label.text.strip().lower(), _MODES, n=1)), None)
    fix = rewritten(label, near, f'write "{near}"', safe=False) if near else None
    return Problem(f'"{label.text:.40}" is no mode', label.origin, "there are http and tcp", fix=fix)


def _balance(app: App, label: Label) -> Iterator[Problem]:
    service = app.services[label.index] if label.index is not None and label.index < len(app.services) else None
    if service is not None and not faultless(app, service, "BALANCE"):
        return
    version = app.context.version
    if problem := balance.problem_of(label.text, version):
        near = balance.nearest(label.text, version) if "," not in label.text else None
        # What only lacks its arguments is not mended by its name.
        mended = near if near is not None and not balance.problem_of(near, version) else None
        fix = rewritten(label, mended, f'write "{mended}"', safe=False) if mended else None
        help_ = f"there are {', '.join(balance.algorithms(version))}"
        yield Problem(problem, label.origin, help_, fix=fix)
    elif service is not None and service.mode == "tcp" and balance.needs_http(label.text):
        message = f'"{label.text:.40}" needs mode http: HAProxy uses roundrobin here'
        yield Problem(message, label.origin, f"HAPROXY_{label.index}_MODE says http", severity=Severity.WARNING)
