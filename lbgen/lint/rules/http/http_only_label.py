"""A label that needs mode http stands on a service in mode tcp.

## What it does

Looks for `VHOST`, `AUTH`, `STICKY`, `USE_HSTS`, `HTTP_BACKEND_PROXYPASS_PATH`, `HTTP_BACKEND_REVPROXY_PATH` and
`HTTP_BACKEND_REDIR` on services whose mode is tcp: because `MODE` says so, or because there is neither a vhost nor an
HTTP health check.

## Why is this bad?

In mode tcp HAProxy sees connections, not requests: there is no host, no cookie, no header and no password, and these
labels do nothing. A vhost is worse: the shared frontends on 80 and 443 are http, HAProxy refuses their rules for a tcp
backend, and with Marathon-LB the whole file is lost. The portable dialect leaves these rules out.

## Use instead

```json
"HAPROXY_0_MODE": "http"
```

or no such label where the service is not HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.labels import faultless
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.model.service import Service

_FIELDS = {
    "STICKY": "sticky",
    "USE_HSTS": "use_hsts",
    "HTTP_BACKEND_PROXYPASS_PATH": "proxypass_path",
    "HTTP_BACKEND_REVPROXY_PATH": "revproxy_path",
    "HTTP_BACKEND_REDIR": "redir_path",
}


def check(app: App) -> Iterator[Problem]:
    """Every label of the app that is for requests, on a service that has connections only."""
    for service in app.services:
        # With a vhost or a mode that is malformed nobody knows which mode is meant.
        known = faultless(app, service, "VHOST") and faultless(app, service, "MODE")
        if service.mode != "tcp" or not service.labels or not known:
            continue
        if any(vhost.strip() for vhost in service.vhosts):
            yield from _vhost(app, service)
        for name, field in _FIELDS.items():
            label = app.label(name, service.index)
            # Without a vhost there is no redirect of its root in any mode.
            unrouted = name == "HTTP_BACKEND_REDIR" and not service.vhosts
            if label is not None and getattr(service, field) and not unrouted:
                effect = "no cookie is set" if name == "STICKY" else "the label has no effect"
                message = f"{effect} in mode tcp{_why(service)}"
                yield Problem(message, label.origin, _help(service), fix=_fix(app, service))


def _vhost(app: App, service: Service) -> Iterator[Problem]:
    label = app.label("VHOST", service.index)
    if label is None:
        return
    portable = app.context.portable
    message = "a vhost is of no use in mode tcp"
    effect = "the rules on 80 and 443 are left out" if portable else "HAProxy refuses the whole file"
    severity = Severity.WARNING if portable else Severity.ERROR
    yield Problem(f"{message}: {effect}", label.origin, _help(service), severity=severity, fix=_fix(app, service))
    auth = app.label("AUTH", service.index)
    if auth is not None and service.auth is not None:
        yield Problem("no password is asked for in mode tcp", auth.origin, _help(service))


def _why(service: Service) -> str:
    return "" if "MODE" in service.labels else ", which a service without a vhost and an HTTP check is in"


def _help(service: Service) -> str:
    return f'say "HAPROXY_{service.index}_MODE": "http" if it speaks HTTP; else leave the label out'


def _fix(app: App, service: Service) -> Fix:
    pointer = service.app.label(f"HAPROXY_{service.index}_MODE").origin().pointer
    return Fix('say that the mode is "http"', (Edit(app.app.ref.document, "http", pointer),), safe=False)
