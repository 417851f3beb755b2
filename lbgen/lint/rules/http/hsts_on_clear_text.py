"""Strict-Transport-Security is sent over clear text as well.

## What it does

Looks for `USE_HSTS` on services that answer without TLS too: on port 80 without `REDIRECT_TO_HTTPS`, or on a service
port without `SSL_CERT`. It speaks in pedantic mode only.

## Why is this bad?

The header is written in the backend, which every door leads to. RFC 6797 forbids it in answers in clear text, and
browsers ignore it there: whoever comes in that way is not protected.

## Use instead

```json
"HAPROXY_0_USE_HSTS": "true",
"HAPROXY_0_REDIRECT_TO_HTTPS": "true",
"HAPROXY_0_SSL_CERT": "/etc/ssl/shop.pem"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.model.service import Service


def check(app: App) -> Iterator[Problem]:
    """Every service whose answers in clear text carry the header."""
    for service in app.services:
        label = app.label("USE_HSTS", service.index)
        if label is None or not service.use_hsts or service.mode != "http":
            continue
        if doors := list(_clear_text(service, shared=app.context.bind_http_https)):
            yield Problem(f"the header is sent in clear text on {' and '.join(doors)} too", label.origin)


def _clear_text(service: Service, *, shared: bool) -> Iterator[str]:
    if shared and service.vhosts and not service.redirect_to_https:
        yield "port 80"
    if not service.ssl_cert and "FRONTEND_HEAD" not in service.overrides:
        yield "the service port"
