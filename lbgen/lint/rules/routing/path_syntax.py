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

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from lbgen.lint.labels import by_blank, faultless, read_labels, replaced
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.finding import Fix
    from lbgen.lint.labels import Item
    from lbgen.lint.subjects import App, Label
    from lbgen.model.service import Service

_PLAIN = re.compile(r"[\w.~/-]+", re.ASCII)
_GLOB = re.compile(r"(?P<path>/[\w./~-]*?)/?(?:\.?\*|\(\.\*\))\$?", re.ASCII)
# Dollars and parentheses are parts of some paths.
_REGEX = re.compile(r"[\^*|\\\[{]|\.\+|\$\Z|\(.*[|*+?]")


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
    path, fix, problem = item.text, None, None
    if not path.isascii():
        problem = "holds characters that clients send encoded: it never matches"
        if path.startswith("/"):
            fix = _fix(label, item, quote(path, safe="/%!$&'()*+,;=:@~", errors="replace"))
    elif path.startswith("*") or _REGEX.search(path):
        problem = "is compared as it stands, character by character; it is no pattern"
        if (glob := _GLOB.fullmatch(path.removeprefix("^"))) is not None:
            fix = _fix(label, item, glob["path"] or "/")
    elif not path.startswith("/"):
        problem = "does not begin with a slash: it never matches"
        fix = _fix(label, item, f"/{path}") if _PLAIN.fullmatch(path) else None
    elif "?" in path:
        problem = "holds a question mark, which ends a path: it never matches"
    elif "," in path and "/" in path.partition(",")[2][:1]:
        problem = "is one path with a comma; paths stand apart by blanks"
        fix = _fix(label, item, " ".join(part for part in path.split(",") if part))
    if problem is not None:
        yield Problem(
            f'"{path:.60}" {problem}',
            label.origin.narrowed(item.start, item.end),
            "" if fix else "write the beginning of a path, as in /api",
            fix=fix,
        )


def _fix(label: Label, item: Item, text: str) -> Fix:
    return replaced(label, item, text, f'write "{text:.60}"', safe=False)
