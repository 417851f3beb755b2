"""A password is asked for on 80 and 443, and not on the other ports that lead to the app.

## What it does

Looks at services with `AUTH` and `VHOST`: whether their service port and 9091 (with the header `X-Marathon-App-Id`)
lead to the same backend, and whether a label closes these doors or asks for the password there.

## Why is this bad?

Marathon-LB guards the vhost only. Whoever reaches the service port gets in without a word. The portable dialect asks
everywhere, unless the list of users goes by a name of its own, which the rules there cannot know.

## Use instead

The portable dialect, without a `USERLIST_HEAD` of another name. With Marathon-LB, close the doors:

```json
"HAPROXY_0_FRONTEND_HEAD": "",
"HAPROXY_0_FRONTEND_BACKEND_GLUE": "",
"HAPROXY_0_HTTP_FRONTEND_APPID_ACL": ""
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.doors import side_doors
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App

_CLOSE = "close them with empty FRONTEND_HEAD, FRONTEND_BACKEND_GLUE and HTTP_FRONTEND_APPID_ACL labels"


def check(app: App) -> Iterator[Problem]:
    """Every password that somebody can walk around."""
    for service in app.services if app.context.bind_http_https else ():
        if service.auth is None or service.mode != "http" or not service.vhosts or service.enabled is False:
            continue
        doors = list(side_doors(service, app))
        origin = service.because("AUTH").origin()
        names = " and ".join(door.name for door in doors)
        if not doors:
            continue
        if all(door.guarded for door in doors):
            message = f"is asked for on {names} too, where Marathon-LB would let everybody in"
            yield Problem(message, origin, "the portable dialect needs nothing else", severity=Severity.INFO)
        else:
            names = " and ".join(door.name for door in doors if not door.guarded)
            lead = "leads" if " and " not in names else "lead"
            severity = Severity.WARNING if app.context.portable else Severity.ERROR
            yield Problem(
                f"guards the vhost only: {names} {lead} to the app without it", origin, _CLOSE, severity=severity
            )
