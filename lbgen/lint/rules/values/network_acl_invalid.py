"""A network that may connect is no address and no network.

## What it does

Looks at the words of `HAPROXY_{n}_BACKEND_NETWORK_ALLOWED_ACL`, which stand apart by blanks.

## Why is this bad?

HAProxy refuses the whole file, so that nobody is served; lbgen leaves the app out. An empty text restricts nothing:
everybody may connect. HAProxy asks the resolver for a name when it starts, and does not start where there is no answer.

## Use instead

```json
"HAPROXY_0_BACKEND_NETWORK_ALLOWED_ACL": "10.0.0.0/8 192.168.7.1"
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.labels import by_blank, read_labels, rewritten
from lbgen.lint.rule import Problem
from lbgen.marathon.acceptable import is_network
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.labels import Item
    from lbgen.lint.subjects import App, Label

_BLANKS = "write networks with blanks between them, as in 10.0.0.0/8 192.168.7.1"
_LETTER = regex(r"[G-Zg-z]")


def check(app: App) -> Iterator[Problem]:
    """Every word that is no network; a label without words."""
    for label, _ in read_labels(app):
        if label.name == "BACKEND_NETWORK_ALLOWED_ACL":
            items = list(by_blank(label.text))
            if not items:
                yield Problem(
                    "names no network: everybody may connect", label.origin, _BLANKS, severity=Severity.WARNING
                )
            for item in items:
                yield from _judged(label, item)


def _judged(label: Label, item: Item) -> Iterator[Problem]:
    origin = label.origin.narrowed(item.start, item.end)
    if not is_network(item.text):
        parts = [part for part in re.split("[,;]", item.text) if part]
        separated = len(parts) > 1 or parts != [item.text]
        fix = None
        if separated and parts and all(map(is_network, parts)):
            mended = re.sub("[,;]+", " ", label.text).strip()
            fix = rewritten(label, " ".join(mended.split()), "put blanks between the networks", safe=True)
        yield Problem(f'"{item.text:.60}" is no address and no network', origin, _BLANKS, fix=fix)
    elif _LETTER.search(item.text):
        message = f'"{item.text:.60}" is a name: HAProxy does not start where it cannot be resolved'
        yield Problem(message, origin, "write the address", severity=Severity.WARNING)
