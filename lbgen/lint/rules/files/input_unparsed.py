"""A part of a haproxy.cfg is not understood, and nothing in it is checked.

## What it does

Looks for lines of a hand-written haproxy.cfg that stand in no section. What makes a whole file unreadable is told as
`unreadable`, `invalid-json` or `invalid-yaml`.

## Why is this bad?

Every line belongs to the section above it, and the rules look at sections. A file that begins without one is a part of
some other file, or no haproxy.cfg at all. HAProxy refuses it.

## Use instead

```
global
  maxconn 10000
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Configuration


def check(configuration: Configuration) -> Iterator[Problem]:
    """The lines before the first section, as one problem at the first of them."""
    if configuration.generated:
        return
    first = next(iter(configuration.config.sections), None)
    if first is None or first.kind:
        return
    # Conditions such as .if may stand anywhere.
    outside = [directive for directive in first.directives if not directive.keyword.startswith(".")]
    if outside:
        which = "this line stands" if len(outside) == 1 else f"this line and {len(outside) - 1:,} more stand"
        help_ = "begin with a section, such as global, defaults or frontend"
        text = f"{which} in no section, and nothing there was checked"
        yield Problem(text, configuration.origin(outside[0].line), help_)
