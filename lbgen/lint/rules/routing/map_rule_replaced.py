"""With maps, a label replaces the rule that asks the map for everybody.

## What it does

With `--haproxy-map`, looks for `HTTP_FRONTEND_ACL`, `HTTP_FRONTEND_ACL_ONLY`, `HTTPS_FRONTEND_ACL` and
`HTTP_FRONTEND_APPID_ACL` labels of services that the map would lead to: with a vhost, and without path, password and
redirect.

## Why is this bad?

One rule asks the map, for all services in it, and Marathon-LB takes the first service's labels for that rule too. If
that is an app with such a label, all others answer 503. Which app is the first changes whenever an app comes or goes.
In the portable dialect, only the service with the label leaves the map, and gets a rule of its own.

## Use instead

No such label, or a path beside it, which keeps the service out of the map:

```json
"HAPROXY_0_PATH": "/"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.labels import asked
from lbgen.lint.rule import Problem
from lbgen.marathon.routing import (
    MAP_APP_ID,
    MAP_HTTP,
    MAP_HTTP_SEVERAL,
    MAP_HTTPS,
    OVERRIDDEN_BY,
    case_of,
    in_map_for_http,
    in_map_for_https,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.context import Context
    from lbgen.lint.subjects import App
    from lbgen.model.service import Service


def check(app: App) -> Iterator[Problem]:
    """Every label that may replace a rule which asks a map, where there are maps."""
    if not app.context.haproxy_map:
        return
    portable = app.context.portable
    for service in asked(app):
        for name in _rules(service, app.context):
            label = OVERRIDDEN_BY[name]
            if label in service.overrides:
                message = (
                    "keeps the service out of the map; Marathon-LB would replace the rule of all apps"
                    if portable
                    else "replaces the rule that asks the map, for all apps: they may answer 503"
                )
                severity = Severity.WARNING if portable else None
                yield Problem(message, service.because(label).origin(), "drop the label", severity=severity)


def _rules(service: Service, context: Context) -> Iterator[str]:
    """The rules of maps that the service takes part in."""
    case = case_of(service)
    served = service.vhosts and context.bind_http_https
    if served and in_map_for_http(case):
        yield MAP_HTTP_SEVERAL if case.several else MAP_HTTP
    if served and in_map_for_https(case):
        yield MAP_HTTPS
    if service.mode == "http":
        yield MAP_APP_ID
