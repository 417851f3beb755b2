"""`HAPROXY_{n}_BIND_ADDR` is an address that the load balancer may not have.

## What it does

Compares the addresses of the label with those of the load balancer, which `--lb-addresses` gives. Without these, it
only informs of every address that is neither `*`, `::` nor one of the machine itself, as 127.0.0.1 is.

## Why is this bad?

`haproxy -c` does not open sockets, and accepts it. The start fails, and so does every reload: nobody's changes are
taken over until the label is gone. Where there are several load balancers, each of them needs the address.

## Use instead

`*`, or an address that all machines of the load balancer have, such as one that is moved between them with
`net.ipv4.ip_nonlocal_bind` set.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.rule import Problem
from lbgen.lint.rules.ports.served import served
from lbgen.marathon.acceptable import bad_bind_addresses
from lbgen.ports.address import read_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App
    from lbgen.origin import Origin
    from lbgen.ports.address import Address

_NETWORKS = frozenset({"ipv4", "ipv6"})


def check(app: App) -> Iterator[Problem]:
    """Every address that is not known to be the load balancer's."""
    known = {place for text in app.context.lb_addresses for place in _hosts(text)}
    for service in served(app):
        label = app.label("BIND_ADDR", service.index)
        if label is None or label.text != service.bind_addr or bad_bind_addresses(label.text):
            continue
        for item in read_addresses(f"{label.text}:{service.port}"):
            host = _foreign(item.address)
            if host is not None and host not in known:
                # The last one has the service port behind it, which is not in the label.
                origin = label.origin.narrowed(item.start, min(item.end, len(label.text)))
                yield _problem(host, origin, known)


def _hosts(text: str) -> Iterator[str]:
    for item in read_addresses(f"[{text}]:1" if ":" in text else f"{text}:1"):
        yield from (place.host for place in item.address.places if place.host)


def _foreign(address: Address) -> str | None:
    """The host, where it is one that not every machine has; a name is none, nobody knows what it will stand for."""
    for place in address.places:
        if place.world in _NETWORKS and place.host:
            return None if ip_address(place.host).is_loopback else place.host
    return None


def _problem(host: str, origin: Origin, known: set[str]) -> Problem:
    fails = "haproxy -c passes, and the start fails for everybody"
    if known:
        message = f"{host} is no address of the load balancer: {fails}"
        return Problem(message, origin, f"it has {', '.join(sorted(known))}", severity=Severity.ERROR)
    message = f"every machine of the load balancer needs the address {host}, or else {fails}"
    return Problem(message, origin, "--lb-addresses says which it has", severity=Severity.INFO)
