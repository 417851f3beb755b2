"""The redirect of / never happens, or never ends.

## What it does

Looks at `HTTP_BACKEND_REDIR`, which sends a request for `/` of the vhost somewhere else: whether there are several
vhosts, and whether the target is `/` again, by itself or after `HTTP_BACKEND_PROXYPASS_PATH` has cut it.

## Why is this bad?

The redirect compares the Host header with the whole text of `VHOST`. No request has the host
`a.example.com,b.example.com`: the redirect is never sent. A target that is `/` on the same host sends the browser round
in circles until it gives up.

## Use instead

One vhost, and a target below the root:

```json
"HAPROXY_0_VHOST": "shop.example.com",
"HAPROXY_0_HTTP_BACKEND_REDIR": "/start"
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.model.service import Service

_URL = regex(r"(?:https?:)?//([^/:?#]*)(?::\d+)?(.*)", re.IGNORECASE)


def check(app: App) -> Iterator[Problem]:
    """Every redirect of an app that does not do what it is there for."""
    if "HTTP_BACKEND_REDIR" in app.context.templates:
        return
    for service in app.services:
        label = app.label("HTTP_BACKEND_REDIR", service.index)
        if label is None or not service.redir_path or service.mode != "http":
            continue
        vhosts = [vhost for vhost in service.vhosts if vhost.strip()]
        if not vhosts:
            continue
        # Where the Host header has been set to the text of the label, the comparison holds.
        if len(vhosts) != 1 and not (service.proxypass_path and not app.context.portable):
            message = f'the redirect is for the host "{",".join(vhosts):.80}", which no request has: it is never sent'
            yield Problem(message, label.origin, f"give {_vhost(service)} exactly one vhost")
        elif _loops(service, service.redir_path):
            message = f'"{service.redir_path:.60}" is redirected to itself, without end'
            yield Problem(message, label.origin, "redirect to a path below /")


def _vhost(service: Service) -> str:
    return f"HAPROXY_{service.index}_VHOST"


def _loops(service: Service, target: str) -> bool:
    path = target
    if found := _URL.fullmatch(target):
        if found[1].lower() not in service.vhosts:
            return False
        path = found[2]
    path = re.split(r"[?#]", path, maxsplit=1)[0] or "/"
    if service.proxypass_path and path != "/":
        # A plain path only: of an expression nobody knows here what it cuts off.
        path = "/" if path.rstrip("/") == service.proxypass_path.rstrip("/") else path
    return path == "/"
