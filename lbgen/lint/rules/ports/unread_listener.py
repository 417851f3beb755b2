"""What should say what listens cannot be read.

## What it does

Reads every line of what `--listening` gives, which should be the output of `ss -Hlntu`, with `-p` or without. The
heading, connections and sockets of other kinds are passed over.

## Why is this bad?

A socket that is not read clashes with nobody: there would be no warning of the process that has the port. The output of
`netstat`, and names in place of ports, look much the same.

## Use instead

```sh
ss -Hlntup | lbgen ports check apps/ --listening -
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Fleet

_HELP = "it takes the output of ss -Hlntup, in which ports are numbers"


def check(fleet: Fleet) -> Iterator[Problem]:
    """The first line that is none, and how many more there are."""
    unread = fleet.context.not_listening
    if unread:
        first, more = unread[0], len(unread) - 1
        others = f", and {more} more like it" if more else ""
        text = " ".join(first.text.split())
        yield Problem(f'"{text:.60}" is no socket as ss tells of them{others}', first.origin, _HELP)
