"""A server line shows an API server a certificate of the load balancer's, on behalf of whoever sends the request.

## What it does

Looks for servers that are API servers of Kubernetes, by their name, their host, their port 6443, the name of their
section, or a certificate that is called after an aggregation layer, and that are spoken to with a client certificate
(`crt`). It says nothing where the section asks visitors who they are, or turns some away. An aggregation layer's
certificate is an error where the section leaves the headers `X-Remote-User` and `X-Remote-Group` in requests.

## Why is this bad?

The API server takes every request that comes through the load balancer for one of the certificate's owner. With the
certificate of an aggregation layer it is worse: such a client says in `X-Remote-User` and `X-Remote-Group` who it
speaks for, so whoever reaches the load balancer is whoever they say they are, `system:masters` included.

## Use instead

Leave `crt` out, and let clients bring tokens:

```
server kube-apiserver apiserver.kubernetes.l4lb.thisdcos.directory:6443 ssl verify required ca-file /ca.pem
```

Clients with certificates of their own need a load balancer that passes TLS through:
`lbgen expose kubernetes-api --passthrough`.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.haproxy.controls import guards
from lbgen.lint.directives import Blamed
from lbgen.lint.rule import Problem
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Directive, Section
    from lbgen.lint.subjects import Configuration

_API_SERVER = regex(r"(?i)api-?server|kube|:6443$")
_API_SECTION = regex(r"(?i)api-?server")
_AGGREGATOR = regex(r"(?i)aggregator|front-proxy|proxy-client|requestheader")
_SPEAKS_FOR = frozenset({"x-remote-user", "x-remote-group"})


def check(configuration: Configuration) -> Iterator[Problem]:
    """Every certificate that is shown on behalf of visitors."""
    blamed = Blamed(configuration)
    default = ""
    for section in configuration.config.sections:
        if section.kind == "defaults":
            default = _default(section)
        elif section.kind in {"backend", "listen"}:
            yield from _of(section, _default(section) or default, configuration, blamed)


def _default(section: Section) -> str:
    return next((crt for each in section.named("default-server") if (crt := _certificate(each))), "")


def _of(section: Section, default: str, configuration: Configuration, blamed: Blamed) -> Iterator[Problem]:
    shown = [(server, _certificate(server) or default) for server in section.named("server")]
    lent = [(server, crt) for server, crt in shown if crt and _is_api_server(section, server, crt)]
    if not lent or any(map(guards, section.directives)):
        return
    headers_stay = not _removed(section) >= _SPEAKS_FOR
    for server, crt in lent:
        speaks_for_others = headers_stay and bool(_AGGREGATOR.search(crt))
        where = blamed.of(server)
        if where is not None:
            yield Problem(
                _MESSAGE[speaks_for_others].format(crt),
                where.at(()),
                "leave crt out, and let clients bring tokens; lbgen expose kubernetes-api --passthrough lets"
                " certificates of their own pass",
                config=configuration.line(server),
                severity=Severity.ERROR if speaks_for_others else Severity.WARNING,
            )


_MESSAGE = {
    True: "with the certificate {:.80}, whoever reaches the load balancer is whoever X-Remote-User says",
    False: "everybody who reaches the load balancer is taken for the owner of the certificate {:.80}",
}


def _certificate(server: Directive) -> str:
    return next((word for before, word in pairwise(server.values) if before == "crt"), "")


def _is_api_server(section: Section, server: Directive, crt: str) -> bool:
    named = any(_API_SERVER.search(word) for word in server.values[:2]) or _API_SECTION.search(section.header)
    return bool(named or _AGGREGATOR.search(crt))


def _removed(section: Section) -> set[str]:
    """The headers that are taken out of every request."""
    rules = (each.values for each in section.named("http-request"))
    return {values[1].lower() for values in rules if len(values) == 2 and values[0] == "del-header"}
