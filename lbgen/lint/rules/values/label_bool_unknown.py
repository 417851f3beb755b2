"""A boolean label says something that is neither true nor false.

## What it does

Looks at `STICKY`, `REDIRECT_TO_HTTPS`, `USE_HSTS` and `ENABLED`. True is what Marathon-LB takes for true: `true`, `t`,
`yes` and `y`, in capitals or not. False is everything else, and this rule asks for `false`, `f`, `no` or `n`.

## Why is this bad?

`"1"`, `"on"` and `"ture"` are read as false, and nothing says so: a redirect that should be there is not.

## Use instead

```json
"HAPROXY_0_STICKY": "true"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.labels import read_labels, rewritten
from lbgen.lint.rule import Problem
from lbgen.marathon.values import boolean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.finding import Fix
    from lbgen.lint.subjects import App, Label

_KNOWN = ("true", "t", "yes", "y", "false", "f", "no", "n")
_MEANT = {"1": "true", "on": "true", "enable": "true", "enabled": "true"}
_MEANT |= {"0": "false", "off": "false", "disable": "false", "disabled": "false"}


def check(app: App) -> Iterator[Problem]:
    """Every boolean label of the app whose text is neither."""
    for label, row in read_labels(app):
        if row.parse is boolean and label.text.strip().lower() not in _KNOWN:
            yield Problem(
                f'"{label.text:.40}" is read as false',
                label.origin,
                'write "true" or "false"',
                fix=_fix(label),
            )


def _fix(label: Label) -> Fix | None:
    from difflib import get_close_matches

    text = label.text.strip().lower()[:40]
    meant = _MEANT.get(text) or next(iter(get_close_matches(text, ("true", "false", "yes"), n=1)), None)
    return rewritten(label, meant, f'write "{meant}"', safe=meant == "false") if meant else None
