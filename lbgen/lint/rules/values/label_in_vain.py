"""A label is read, and changes nothing.

## What it does

Looks for `BACKEND_HEALTHCHECK_PORT_INDEX` of apps without a health check, for `BIND_ADDR`, `BIND_OPTIONS` and
`SSL_CERT` of services whose frontend is hidden by an empty `FRONTEND_HEAD`, and for empty texts that are as good as no
label.

## Why is this bad?

Somebody expects something of it that does not happen: servers are not checked, the certificate is served nowhere.

## Use instead

A health check in the app, for HAProxy to do it as well:

```json
"healthChecks": [{"protocol": "HTTP", "path": "/health", "portIndex": 0}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.labels import asked
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.context import Context
    from lbgen.lint.subjects import App
    from lbgen.model.service import Service

_EMPTY = ("HTTP_BACKEND_PROXYPASS_PATH", "HTTP_BACKEND_REDIR", "HTTP_BACKEND_REVPROXY_PATH", "BIND_OPTIONS", "SSL_CERT")
_OF_FRONTENDS = ("BIND_ADDR", "BIND_OPTIONS", "SSL_CERT")


def check(app: App) -> Iterator[Problem]:
    """Every label of a service that is served which does nothing."""
    for service in asked(app):
        if service.health_check_port_index is not None and service.check is None:
            message = "names the port of a check, and no health check counts for this service"
            origin = service.because("BACKEND_HEALTHCHECK_PORT_INDEX").origin()
            yield Problem(message, origin, "HAProxy checks what Marathon checks, and nothing otherwise")
        for name in _in_vain(service, app.context):
            message = f"has no effect: an empty HAPROXY_{service.index}_FRONTEND_HEAD hides the frontend"
            yield Problem(message, service.because(name).origin(), "drop one of them")
        for name in _EMPTY:
            if service.labels.get(name) == "" and not _is_written(name, app.context):
                message = "is empty, which is as good as no label"
                yield Problem(message, service.because(name).origin(), "drop it", severity=Severity.INFO)


def _in_vain(service: Service, context: Context) -> Iterator[str]:
    """Labels of a frontend that is not there; where 443 is grouped, the vhosts of a service have some of them too."""
    if service.overrides.get("FRONTEND_HEAD") == "":
        for name in _OF_FRONTENDS:
            of_vhosts = name != "BIND_ADDR" and context.group_https_by_vhost and service.vhosts
            if service.labels.get(name) and not of_vhosts:
                yield name


def _is_written(name: str, context: Context) -> bool:
    """Whether the text is written though it is empty, as in the lines of a vhost's own frontend."""
    return context.group_https_by_vhost and name in {"BIND_OPTIONS", "SSL_CERT"}
