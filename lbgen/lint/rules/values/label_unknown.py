"""A label looks like the load balancer's, and no load balancer reads it.

## What it does

Looks at labels that begin with `HAPROXY_`, in capitals or not, and at prefixes that are nearly that. The names that are
known are in `lbgen schema app`. The number is that of a service port: `HAPROXY_VHOST`, `HAPROXY_{n}_VHOST` and
`HAPROXY_0_vhost` are three labels that nobody reads.

## Why is this bad?

The label does nothing, and nothing says so: the vhost is not served, the redirect is not there.

## Use instead

The label that was meant, with the number of the service port, from 0:

```json
"HAPROXY_0_VHOST": "shop.example.com"
```

The fix renames the label. It is unsafe, because the label begins to work with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.marathon.unread import unread_labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every label of the app that nobody reads."""
    for finding in unread_labels(app.app):
        if finding.rule == "label-unknown":
            yield Problem(finding.message, finding.origin, finding.help, fix=finding.fix)
