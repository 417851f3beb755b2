"""An app that asks for TLS is reached in clear text on 9091.

## What it does

Looks at services in http mode that ask for TLS, with `SSL_CERT` on their service port or with `REDIRECT_TO_HTTPS`, and
that 9091 leads to: there, the header `X-Marathon-App-Id` names the app. With a redirect only, which says what browsers
should do, it is told as information.

## Why is this bad?

Port 9091 speaks plain HTTP, and leads to every app in http mode that does not say otherwise. Whoever reaches it gets
past the certificate, and passwords and cookies cross the network in clear text.

## Use instead

```json
"HAPROXY_0_HTTP_FRONTEND_APPID_ACL": ""
```

An operator can close the port for everybody, with `bind 127.0.0.1:9091` in `HAPROXY_HTTP_FRONTEND_APPID_HEAD`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.doors import on_app_id_port
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.model.service import Service

_ACL = "HTTP_FRONTEND_APPID_ACL"


def check(app: App) -> Iterator[Problem]:
    """Every service with TLS that 9091 leads to."""
    for service in app.services:
        asks = service.ssl_cert or service.redirect_to_https
        if service.mode != "http" or not asks or service.enabled is False or not on_app_id_port(service, app):
            continue
        label = "SSL_CERT" if service.ssl_cert else "REDIRECT_TO_HTTPS"
        yield Problem(
            "asks for TLS, but 9091 leads to the app in clear text",
            service.because(label).origin(),
            f"an empty HAPROXY_{service.index}_{_ACL} keeps the app off 9091",
            fix=_fix(service, app),
            severity=Severity.WARNING if service.ssl_cert else Severity.INFO,
        )


def _fix(service: Service, app: App) -> Fix | None:
    """An empty label; whoever goes by 9091 has to find another way."""
    if _ACL in service.overrides:
        return None
    origin = app.app.ref.label(f"HAPROXY_{service.index}_{_ACL}").origin()
    return Fix("keep the app off 9091", (Edit(origin.document, "", origin.pointer),), safe=False)
