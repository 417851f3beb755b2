"""A password that nobody is asked for.

## What it does

Looks at `AUTH` labels of services without a vhost.

## Why is this bad?

Marathon-LB asks for the password on 80 and 443, by vhost. Without `VHOST` it writes a list of users that nothing uses,
and everybody gets in by the service port. The portable dialect asks there, but it cannot in tcp mode, which is what
a service without a vhost and without an HTTP check is in.

## Use instead

```json
"HAPROXY_0_VHOST": "app.example.com",
"HAPROXY_0_AUTH": "realm:user:$6$..."
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every password of a service that has no vhost."""
    for service in app.services:
        if service.auth is None or (service.vhosts and app.context.bind_http_https):
            continue
        origin = service.because("AUTH").origin()
        missing = f"without HAPROXY_{service.index}_VHOST" if not service.vhosts else "without 80 and 443"
        if app.context.portable and service.mode == "http":
            message = f"is asked for on the service port and 9091; Marathon-LB, {missing}, would not ask at all"
            yield Problem(message, origin, "the portable dialect needs nothing else", severity=Severity.WARNING)
        else:
            message = f"protects nothing: {missing} nobody is asked for it"
            yield Problem(message, origin, "give the service a vhost" if not service.vhosts else "drop it")
