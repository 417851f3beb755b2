"""Requests that name the port in their Host header do not match a vhost.

## What it does

Says so, when asked to be pedantic, of each service with a vhost whose rules compare the `Host` header as it is. With
`--haproxy-map`, services in the map are found with a port, too.

## Why is this bad?

HTTP wants the port in the `Host` header where it is not the usual one. Where 80 is reached by another port, as behind a
port mapping, browsers send `shop.example.com:8080`, which is not `shop.example.com`: they get a 503.

## Use instead

Both names, if there are such clients:

```json
"HAPROXY_0_VHOST": "shop.example.com,shop.example.com:8080"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.labels import asked
from lbgen.lint.rule import Problem
from lbgen.lint.rules.routing.host_names import slip_in
from lbgen.marathon.routing import case_of, in_map_for_http

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every service whose vhosts are compared with whole Host headers, unless it lists one with a port."""
    for service in asked(app):
        mapped = app.context.haproxy_map and in_map_for_http(case_of(service))
        if service.mode != "http" or mapped or any(":" in name for name in service.vhosts):
            continue
        # What is no host name matches nothing anyway.
        name = next((name for name in service.vhosts if "*" not in name and slip_in(name.strip()) is None), None)
        if name is not None:
            message = f"requests for {name:.60}:PORT do not match"
            yield Problem(message, service.because("VHOST").origin(), "list the name with the port, too")
