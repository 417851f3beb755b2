"""A value, or an item of a list, has a blank around it that is part of it.

## What it does

Looks at labels whose text is compared or pasted as it is: groups, vhosts, the mode, booleans, the bind address, paths
that are rewritten, the name of a deployment group.

## Why is this bad?

`"internal, external"` are the groups `internal` and ` external`: the load balancer of `external` does not serve the
app. `"http "` is no mode: Marathon-LB writes a backend without checks and headers, and lbgen leaves the app out.
`"true "` is read as false. The portable dialect drops blanks around vhosts, and nowhere else.

## Use instead

```json
"HAPROXY_GROUP": "internal,external"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.labels import Item, by_comma, read_labels, rewritten
from lbgen.lint.rule import Problem
from lbgen.marathon.values import boolean
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Label

_BREAK = regex("[\n-\r\x1c-\x1f\x85\u2028\u2029]")
_LISTS = frozenset({"GROUP", "VHOST"})
_VALUES = frozenset({"MODE", "BIND_ADDR", "HTTP_BACKEND_PROXYPASS_PATH", "HTTP_BACKEND_REVPROXY_PATH"})


def check(app: App) -> Iterator[Problem]:
    """Every label with such a blank, at the first item that has one."""
    for label, row in read_labels(app):
        if label.name in _LISTS:
            yield from _judged(label, list(by_comma(label.text)))
        elif label.name in _VALUES or row.parse is boolean:
            yield from _judged(label, [Item(label.text, 0, len(label.text))])
    for label in app.labels:
        if label.key == "HAPROXY_GROUP":
            yield from _judged(label, list(by_comma(label.text)))
        elif label.key == "HAPROXY_DEPLOYMENT_GROUP":
            yield from _judged(label, [Item(label.text, 0, len(label.text))])


def _judged(label: Label, items: list[Item]) -> Iterator[Problem]:
    found = next((item for item in items if item.text != item.text.strip() and item.text.strip()), None)
    # A line break in the label of a port is worse, and control-character tells of it.
    if found is None or (label.name is not None and _BREAK.search(label.text)):
        return
    bare = found.text.strip()
    side = "in front of" if found.text[:1].isspace() else "behind"
    what = "the name" if label.name is None or label.name in _LISTS else "the value"
    mended = ",".join(item.text.strip() for item in items)
    yield Problem(
        f'the blank {side} "{bare:.60}" is part of {what}',
        label.origin.narrowed(found.start, found.end),
        "the portable dialect drops it" if label.name == "VHOST" else "",
        fix=rewritten(label, mended, f'write "{mended:.60}"', safe=True),
        severity=Severity.ERROR if label.name == "MODE" else None,
    )
