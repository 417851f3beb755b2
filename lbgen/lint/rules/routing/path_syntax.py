"""A path is not written as the beginning of a path.

## What it does

Looks at the words of `HAPROXY_{n}_PATH`, which HAProxy compares with the beginning of a request's path (`path_beg`).
A label that replaces the path's rule, and compares it otherwise, is respected.

## Why is this bad?

What does not begin with a slash never matches. `^/api`, `/api/.*` and `/api/*` are compared as they stand, character by
character, and never match either. The same goes for a `?`: it ends the path. Several paths stand apart by blanks; a
comma belongs to the path. An empty text makes no rule, and raises the weight of the others.

## Use instead

```json
"HAPROXY_0_PATH": "/api /v2/api"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.labels import by_blank, faultless, read_labels, replaced
from lbgen.lint.rule import Problem
from lbgen.lint.rules.routing.path_slips import slip_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.labels import Item
    from lbgen.lint.subjects import App, Label
    from lbgen.model.service import Service


def check(app: App) -> Iterator[Problem]:
    """Every path of a service with vhosts that cannot match, or not as it seems to."""
    for label, _ in read_labels(app):
        if label.name == "PATH" and label.index is not None and label.index < len(app.services):
            service = app.services[label.index]
            if faultless(app, service, "PATH") and service.vhosts and _by_beginning(app, service):
                words = list(by_blank(label.text))
                if not words:
                    help_ = "drop the label, or write a path"
                    yield Problem("is empty: there is no rule for it, but the weight becomes 1", label.origin, help_)
                for item in words:
                    if not item.text.startswith("-"):
                        yield from _judged(label, item)


def _by_beginning(app: App, service: Service) -> bool:
    """Whether the path is compared by its beginning, by rules that are not replaced."""
    texts = [text for name, text in service.overrides.items() if "FRONTEND_ACL" in name]
    texts += [each.text for name, each in app.context.templates.items() if "FRONTEND_ACL" in name]
    written = [text for text in texts if "{path}" in text]
    words = (service.path or "").split()
    return "-m" not in words and all("path_beg" in text for text in written)


def _judged(label: Label, item: Item) -> Iterator[Problem]:
    slip = slip_in(item.text)
    if slip is None:
        return
    fix, help_ = None, "write the beginning of a path, as in /api"
    if slip.meant is not None:
        fix, help_ = replaced(label, item, slip.meant, f'write "{slip.meant:.60}"', safe=False), ""
    origin = label.origin.narrowed(item.start, item.end)
    yield Problem(f'"{item.text:.60}" {slip.message}', origin, help_, fix=fix)
