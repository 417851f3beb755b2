"""A vhost is no host name.

## What it does

Looks at the names in `HAPROXY_{n}_VHOST`, between the commas: a scheme, a port or a path beside the name, characters
that no browser sends, blanks, empty names, names that are there twice.

## Why is this bad?

HAProxy compares the whole text with the `Host` header of a request, so that the rule never matches, and nothing says
so. A name with a port matches requests to that port on 80, none with `--haproxy-map`, and none on 443. An empty name
makes Marathon-LB write an ACL without a pattern; the portable dialect drops it.

## Use instead

```json
"HAPROXY_0_VHOST": "shop.example.com,xn--brse-5qa.example.com"
```

A path goes into `HAPROXY_{n}_PATH`. The fix is unsafe where a name with a path, or with an unusual port, is shortened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.labels import by_comma, read_labels, replaced
from lbgen.lint.rule import Problem
from lbgen.lint.rules.routing.host_names import slip_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.labels import Item
    from lbgen.lint.subjects import App, Label


def check(app: App) -> Iterator[Problem]:
    """Every name of each list that is none, empty, or there already."""
    for label, _ in read_labels(app):
        if label.name != "VHOST":
            continue
        if not label.text.strip():
            yield Problem("names no vhost: 80 and 443 do not serve it", label.origin, severity=Severity.INFO)
            continue
        items = list(by_comma(label.text))
        names = {item.text.strip().lower() for item in items}
        seen: set[str] = set()
        for item in items:
            name = item.text.strip().lower()
            if not name or name in seen:
                yield _needless(app, label, item)
            elif "*" not in name and not name.startswith("."):
                yield from _judged(app, label, item, names)
            seen.add(name)


def _needless(app: App, label: Label, item: Item) -> Problem:
    name = item.text.strip()
    start, end = (item.start - 1, item.end) if item.start else (item.start, item.end + 1)
    edit = Edit(label.origin.document, "", label.origin.pointer, start, end)
    fix = Fix("drop the second one" if name else "drop the comma", (edit,), safe=True)
    if name:
        message = f'"{name:.60}" is there twice'
        return Problem(message, label.origin.narrowed(item.start, item.end), fix=fix, severity=Severity.WARNING)
    message = "an empty name: Marathon-LB writes an ACL without a pattern"
    severity = Severity.WARNING if app.context.portable else None
    return Problem(message, label.origin.narrowed(start, end), fix=fix, severity=severity)


def _judged(app: App, label: Label, item: Item, names: set[str]) -> Iterator[Problem]:
    slip = slip_in(item.text.strip())
    # A name beside the same name with a port is meant for clients that send one.
    if slip is None or (slip.matches and slip.meant in names):
        return
    fix = None
    if slip.meant:
        fix = replaced(label, item, slip.meant, f'write "{slip.meant:.60}"', safe=slip.safe)
    milder = slip.matches and not app.context.haproxy_map
    origin = label.origin.narrowed(item.start, item.end)
    help_ = "" if fix else "write a host name, as in shop.example.com"
    if (item.text.partition("://")[2] or item.text).strip().partition("/")[2]:
        help_ = f"HAPROXY_{label.index}_PATH is for paths"
    yield Problem(slip.message, origin, help_, fix=fix, severity=Severity.WARNING if milder else None)
