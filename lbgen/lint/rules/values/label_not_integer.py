"""A label that should be a whole number is none, or is spelled in a way that few would read as one.

## What it does

Looks at `PORT`, `BACKEND_WEIGHT`, `BACKEND_HEALTHCHECK_PORT_INDEX`, `HAPROXY_DEPLOYMENT_TARGET_INSTANCES` and
`HAPROXY_DEPLOYMENT_ALT_PORT`. Blanks around the number, `_` within it, a `+` and the digits of other scripts are
accepted by Marathon-LB, and are warnings.

## Why is this bad?

What is no number stops Marathon-LB, for all apps: no configuration is written any more. lbgen leaves the app out. Who
searches for a port does not find it as `10_001`.

## Use instead

```json
"HAPROXY_0_PORT": "10001"
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.labels import read_labels, rewritten
from lbgen.lint.rule import Problem
from lbgen.marathon.values import integer
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Label

_PLAIN = regex(r"-?[0-9]+", re.ASCII)
_OF_APPS = frozenset({"HAPROXY_DEPLOYMENT_TARGET_INSTANCES", "HAPROXY_DEPLOYMENT_ALT_PORT"})


def check(app: App) -> Iterator[Problem]:
    """Every number that is none, or is not plain."""
    numbers = [label for label, row in read_labels(app) if row.parse is integer]
    for label in [*numbers, *(label for label in app.labels if label.key in _OF_APPS)]:
        try:
            value = int(label.text)
        except ValueError:
            yield _no_number(label)
        else:
            if not _PLAIN.fullmatch(label.text):
                yield _strange(label, value)


def _no_number(label: Label) -> Problem:
    what = f'"{label.text:.40}" is no whole number' if label.text else "the number is missing"
    if label.key == "HAPROXY_DEPLOYMENT_ALT_PORT":
        return Problem(what, label.origin, "write digits only; deployment tools stop here", severity=Severity.WARNING)
    return Problem(
        what, label.origin, "write digits only; Marathon-LB stops for all apps here, and lbgen leaves the app out"
    )


def _strange(label: Label, value: int) -> Problem:
    fix = rewritten(label, str(value), f'write "{value}"', safe=True)
    message = f'"{label.text:.40}" is not written in plain digits, and is read as {value}'
    return Problem(message, label.origin, fix=fix, severity=Severity.WARNING)
