"""HTTP/2 is offered where requests are told apart by the name in the TLS handshake.

## What it does

Looks for bind lines that offer `h2`, in frontends, or in a set of frontends with the same certificates, whose rules
compare `ssl_fc_sni` with two hosts or more. From HAProxy 3.0 on every TLS port offers `h2` by itself: that is told as
well, as information.

## Why is this bad?

A browser sends requests for all hosts that a certificate covers over one HTTP/2 connection. The name in the handshake
is that of the first host, so that requests for the second one reach the backend of the first. It depends on which page
was opened before, and nobody can reproduce it.

## Use instead

`alpn http/1.1` on the bind line, a certificate for each host, or rules that compare the Host header:

```
use_backend shop if { req.hdr(host),host_only -i shop.example.com }
```

For pools `lbgen haproxy from-pool --https-host host` writes rules of that kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.lint.rules.http.handshake import Offer, doors
from lbgen.marathon import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lbgen.lint.rules.http.handshake import Door, Doors
    from lbgen.lint.subjects import Configuration, Fleet
    from lbgen.model.service import Service
    from lbgen.origin import Origin

_H2_BY_ITSELF = (3, 0)
_HELP = "all requests of a connection go to the host it was opened for; say alpn http/1.1, or compare Host"


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every bind line that lets requests for one host reach another's backend."""
    by_itself = fleet.context.version >= _H2_BY_ITSELF
    served = {id(balancer.configuration): balancer.services for balancer in fleet.balancers}
    for configuration in fleet.configurations:
        labels = _labels(served.get(id(configuration), ()))
        for found in doors(configuration.config, by_itself=by_itself):
            if len(found.hosts) > 1:
                yield from _problems(configuration, found, labels)


def _labels(services: Iterable[Service]) -> dict[str, Origin]:
    """The labels that offer h2 on the sections of their vhosts, by the name of the section."""
    return {
        names.clean(vhost): service.because("BIND_OPTIONS").origin()
        for service in services
        if "h2" in (service.bind_options or "")
        for vhost in service.vhosts
    }


def _problems(configuration: Configuration, found: Doors, labels: Mapping[str, Origin]) -> Iterator[Problem]:
    first, second, *others = found.hosts
    hosts = f"{first:.60}, {second:.60}{f' and {len(others)} more' if others else ''}"
    told: set[Origin] = set()
    by_haproxy = [door for door in found.doors if door.offer is Offer.BY_HAPROXY]
    for door in (*by_haproxy[:1], *(door for door in found.doors if door.offer is Offer.BY_ITS_WORDS)):
        own_words = door.offer is Offer.BY_ITS_WORDS
        origin = _origin(configuration, door, labels)
        if origin is not None:
            if origin in told:
                continue
            told.add(origin)
        offered = "h2 is offered" if own_words else "HAProxy 3.0 and later offer h2 here"
        yield Problem(
            f"{offered}, and {hosts} are told apart by the name of the handshake alone",
            origin,
            _HELP,
            config=configuration.line(door.bind),
            severity=Severity.WARNING if own_words else Severity.INFO,
        )


def _origin(configuration: Configuration, door: Door, labels: Mapping[str, Origin]) -> Origin | None:
    origin = configuration.origin(door.bind.line, "h2")
    return origin or labels.get(door.bind.section.partition(" ")[2].removesuffix("_in"))
