"""A label says something of the vhost's rules, and there is no vhost.

## What it does

Looks for `PATH`, `BACKEND_WEIGHT`, `REDIRECT_TO_HTTPS` and `HTTP_BACKEND_REDIR` of services without
`HAPROXY_{n}_VHOST`, or with an empty one.

## Why is this bad?

Ports 80 and 443 tell services apart by vhost. Without one there are no rules for the service there, so that there is
nothing for the path, the weight or the redirect to change: they do nothing, and nothing says so. `HTTP_BACKEND_REDIR`
compares the `Host` header with `None`.

## Use instead

```json
"HAPROXY_0_VHOST": "shop.example.com",
"HAPROXY_0_PATH": "/api"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.labels import asked, faultless
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.model.service import Service


def check(app: App) -> Iterator[Problem]:
    """Every such label of the services that are served without a vhost."""
    for service in asked(app):
        if not service.vhosts and faultless(app, service, "VHOST"):
            for name in _in_vain(service):
                message = f"has no effect without HAPROXY_{service.index}_VHOST"
                help_ = "name a vhost, or drop the label"
                yield Problem(message, service.because(name).origin(), help_)


def _in_vain(service: Service) -> Iterator[str]:
    """The labels that would do something if there was a vhost."""
    wanted = {
        "PATH": bool(service.path),
        "BACKEND_WEIGHT": "PATH" not in service.labels and service.weight != 0,
        "REDIRECT_TO_HTTPS": service.redirect_to_https,
        "HTTP_BACKEND_REDIR": bool(service.redir_path),
    }
    for name, given in wanted.items():
        if given and name in service.labels:
            yield name
