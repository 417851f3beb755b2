"""A path is cut off requests, and there is not one vhost to put into the Host header.

## What it does

Looks for `HTTP_BACKEND_PROXYPASS_PATH` on services with no vhost, or with several.

## Why is this bad?

Marathon-LB sets the Host header of these requests to the text of the `VHOST` label. For a list that is
`a.example.com,b.example.com`, without a vhost it is `None`. Apps that build links of it, or choose a site by it, answer
with nonsense. The portable dialect sets the header where there is exactly one vhost, and otherwise leaves the client's
alone: with several, the app sees whichever of them the client asked for.

## Use instead

One vhost for the service port, and another port of the app for the other vhost:

```json
"HAPROXY_0_VHOST": "a.example.com",
"HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH": "/api"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.model.service import Service

_GLUE = "HTTP_BACKEND_PROXYPASS_GLUE"


def check(app: App) -> Iterator[Problem]:
    """Every path that is cut off where the Host header would become no host."""
    for service in app.services:
        label = app.label("HTTP_BACKEND_PROXYPASS_PATH", service.index)
        vhosts = list(dict.fromkeys(filter(None, map(str.strip, service.vhosts))))
        if label is None or not service.proxypass_path or service.mode != "http" or len(vhosts) == 1:
            continue
        if _replaced(app, service):
            continue
        sent = ",".join(vhosts) or "None"
        if app.context.portable:
            message = f'Marathon-LB would send "Host: {sent:.80}"; here the client\'s header stays'
            severity = Severity.WARNING if vhosts else Severity.INFO
            yield Problem(message, label.origin, "one vhost for this port makes it the same in both", severity=severity)
        else:
            message = f'requests go to the app with "Host: {sent:.80}"'
            yield Problem(message, label.origin, "give the service port exactly one vhost")


def _replaced(app: App, service: Service) -> bool:
    """Whether somebody else wrote the lines, without the host in them."""
    text = service.overrides.get(_GLUE)
    if text is None and _GLUE in app.context.templates:
        text = app.context.templates[_GLUE].text
    return text is not None and "hostname" not in text
