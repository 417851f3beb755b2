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

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import Severity
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Directive, Section
    from lbgen.lint.subjects import Configuration

_H2_BY_ITSELF = (3, 0)
_NOT_OFFERED, _BY_HAPROXY, _BY_ITS_WORDS = range(3)


class _Door(NamedTuple):
    """A bind line with TLS, and who says that it offers h2."""

    bind: Directive
    offers: int


def check(configuration: Configuration) -> Iterator[Problem]:
    """Every bind line that lets requests for one host reach another's backend."""
    doors: dict[tuple[str, ...], list[_Door]] = defaultdict(list)
    hosts: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    by_itself = configuration.context.version >= _H2_BY_ITSELF
    for section in configuration.config.sections:
        if section.kind not in {"frontend", "listen"}:
            continue
        named = _hosts(section)
        for bind in section.named("bind") if named else ():
            values = bind.values
            if "ssl" in values:
                certificates = _behind("crt", values)
                doors[certificates].append(_Door(bind, _offers(values, by_itself=by_itself)))
                hosts[certificates].update(named)
    for certificates, found in doors.items():
        if len(hosts[certificates]) > 1:
            for door in found:
                yield from _problem(configuration, door, list(hosts[certificates]))


def _offers(values: tuple[str, ...], *, by_itself: bool) -> int:
    alpn = _behind("alpn", values)
    if alpn:
        return _BY_ITS_WORDS if "h2" in alpn[-1].split(",") else _NOT_OFFERED
    return _BY_HAPROXY if by_itself and "no-alpn" not in values else _NOT_OFFERED


def _behind(word: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(after for before, after in pairwise(values) if before == word)


def _hosts(section: Section) -> dict[str, None]:
    """The hosts that the rules of the section compare the name of the handshake with."""
    hosts: dict[str, None] = {}
    for directive in section.directives:
        if "ssl_fc_sni" not in directive.raw:
            continue
        values = (directive.keyword, *directive.values)
        start = next((index for index, value in enumerate(values) if value.startswith("ssl_fc_sni")), len(values))
        for value in values[start + 1 :]:
            if value == "}":
                break
            if not value.startswith("-"):
                hosts[value.lower()] = None
    return hosts


def _problem(configuration: Configuration, door: _Door, hosts: list[str]) -> Iterator[Problem]:
    if door.offers == _NOT_OFFERED:
        return
    offered = "h2 is offered" if door.offers == _BY_ITS_WORDS else "HAProxy 3.0 and later offer h2 here"
    others = f" and {len(hosts) - 2} more" if len(hosts) > 2 else ""
    names = f"{hosts[0]:.60}, {hosts[1]:.60}{others}"
    message = f"{offered}, and {names} are told apart by the name of the handshake alone"
    help_ = "requests of one connection all go to the host it was opened for; say alpn http/1.1, or compare Host"
    severity = Severity.WARNING if door.offers == _BY_ITS_WORDS else Severity.INFO
    origin = configuration.origin(door.bind.line, "h2")
    yield Problem(message, origin, help_, config=configuration.line(door.bind), severity=severity)
