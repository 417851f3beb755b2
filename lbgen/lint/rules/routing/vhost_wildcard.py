r"""A vhost is a pattern, and is compared literally.

## What it does

Looks for `*` and for a leading dot in the names of `HAPROXY_{n}_VHOST`. A label that replaces the rules of the vhost
may compare it otherwise; then nothing is said.

## Why is this bad?

The rule compares the `Host` header with `*.example.com` as it stands, which no client sends: it never matches, and
nothing says so.

## Use instead

All names, one by one:

```json
"HAPROXY_0_VHOST": "a.example.com,b.example.com"
```

or labels in place of the rules on 80 and 443. For a service with the one vhost `example.com`, they are
`HAPROXY_0_HTTP_FRONTEND_ACL` and `HAPROXY_0_HTTPS_FRONTEND_ACL`, with `hdr_end(host) -i .{hostname}` in the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.labels import by_comma, read_labels
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every name that is a pattern, of services whose rules are the usual ones."""
    for label, _ in read_labels(app):
        if label.name == "VHOST" and not _has_own_rules(app, label.index):
            for item in by_comma(label.text):
                name = item.text.strip()
                if "*" in name or (name.startswith(".") and len(name) > 1):
                    yield Problem(
                        f'"{name:.60}" is compared as it stands: the rule never matches',
                        label.origin.narrowed(item.start, item.end),
                        "list the names, or replace the rules by labels",
                    )


def _has_own_rules(app: App, index: int | None) -> bool:
    """Whether labels, or the operator, replace rules that the vhost stands in."""
    by_labels = {label.name for label in app.labels if label.index == index and label.name}
    return any("FRONTEND_ACL" in name for name in by_labels | app.context.templates.keys())
