"""Two services share the name of an ACL, and each then answers for both.

## What it does

Compares the names of the ACLs that Marathon-LB writes: `host_<first vhost>_<app>` and `auth_<first vhost>_<app>` on the
shared frontends, and `app_<id>` on 9091, all with `_` for what is no letter, digit or `-`.

## Why is this bad?

HAProxy joins ACLs of one name with "or". Where two service ports of an app have lists of vhosts that begin alike, the
first one gets the requests for the hosts of both; with two `AUTH` labels, either user is let in on both. On 9091 the
apps `/team/api` and `/team.api` are one. HAProxy accepts all of this without a word. The portable dialect gives the
second service an ACL of its own, so that only the names change.

## Use instead

Lists of vhosts that begin differently:

```json
"HAPROXY_0_VHOST": "www.example.com,api.example.com",
"HAPROXY_1_VHOST": "admin.example.com,www.example.com"
```

and ids of apps that differ in more than `/`, `.` and `_`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.marathon import names
from lbgen.marathon.routing import case_of, in_map_for_http

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.context import Context
    from lbgen.lint.subjects import Fleet
    from lbgen.model.service import Service

_SEPARATED = "the portable dialect gives each an ACL of its own; Marathon-LB joins them"


def check(fleet: Fleet) -> Iterator[Problem]:
    """ACLs of one name that should say different things, at who comes second."""
    severity = Severity.WARNING if fleet.context.portable else Severity.ERROR
    for balancer in fleet.balancers:
        for message, otherwise, service, other, fields in _shared(balancer.services, fleet.context):
            label, field = fields
            because = service.because(label) if label else service.app.because(field)
            before = other.because(label) if label else other.app.because(field)
            help_ = _SEPARATED if fleet.context.portable else otherwise
            yield Problem(message, because.origin(), help_, (before.origin(),), severity=severity)


_Shared = tuple[str, str, "Service", "Service", tuple[str, str]]


def _shared(services: Sequence[Service], context: Context) -> Iterator[_Shared]:
    if context.bind_http_https:
        yield from _hosts(services, with_map=context.haproxy_map)
    if not context.haproxy_map:
        yield from _apps(services)


def _hosts(services: Sequence[Service], *, with_map: bool) -> Iterator[_Shared]:
    first: dict[str, Service] = {}
    first_auth: dict[str, Service] = {}
    for service in services:
        vhosts = _vhosts(service)
        if not vhosts or (with_map and in_map_for_http(case_of(service))):
            continue
        name = names.host_acl_name(vhosts[0], service.app.id)
        other = first.setdefault(name, service)
        if _vhosts(other) != vhosts:
            message = f'its ACL is called "host_{name}", as is that of {_named(other)}, whose vhosts are others'
            yield message, "begin the two lists with different vhosts", service, other, ("VHOST", "")
        if service.auth is not None:
            other = first_auth.setdefault(name, service)
            if other.auth != service.auth:
                message = f'its ACL is called "auth_{name}", as is that of {_named(other)}: either user is let in'
                yield message, "begin the two lists of vhosts differently", service, other, ("AUTH", "")


def _named(service: Service) -> str:
    return f"{service.app.written}:{service.port}"


def _vhosts(service: Service) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, service.vhosts))))


def _apps(services: Sequence[Service]) -> Iterator[_Shared]:
    first: dict[str, Service] = {}
    told: set[str] = set()
    for service in services:
        app_id = service.app.id
        if service.mode != "http" or app_id in told:
            continue
        told.add(app_id)
        other = first.setdefault(names.clean(app_id), service)
        if other.app.id != app_id:
            name = names.clean(app_id)
            message = f'its ACL on 9091 is called "app_{name}", as is that of {other.app.id}, which gets its requests'
            yield message, "ids should differ in more than '/', '.' and '_'", service, other, ("", "id")
