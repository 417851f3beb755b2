"""`HAPROXY_{n}_BIND_ADDR` does not make a bind line that does what it should.

## What it does

The service port is written behind the label: `BIND_ADDR="10.0.0.1"` becomes `bind 10.0.0.1:10001`. This rule finds what
is no address, an address with a port of its own at the end, an address without a port in front of a comma, a list that
binds another port than the service's, and the name of an interface, which HAProxy takes for that of a host.

## Why is this bad?

`*:8083` becomes `bind *:8083:10001`, which HAProxy refuses: the portable dialect leaves the app out, Marathon-LB has to
find out whose fault it is. `*:80,*` becomes `bind *:80,*:10001`, which HAProxy accepts: the app answers some of
everybody's requests on port 80.

## Use instead

An address alone, and the port by its own label:

```json
"HAPROXY_0_BIND_ADDR": "10.0.0.1",
"HAPROXY_0_PORT": "8083"
```

One interface alone is `HAPROXY_{n}_BIND_OPTIONS` of `interface eth0`.

Several addresses with the same port, of which the last gets it by itself: `10.0.0.1:10001,10.0.0.2`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.rule import Problem
from lbgen.marathon.acceptable import bad_bind_addresses
from lbgen.origin import escape_pointer
from lbgen.ports.address import Ports, read_addresses
from lbgen.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Label
    from lbgen.model.service import Service

_INTERFACE = regex(r"(?:eth|en[opsx]|bond|br|docker|veth|tun|tap|wlan|wg|vlan|team)[0-9][0-9a-z.]*|lo|d-dcos")
_PORT_BEHIND = regex(r"(?P<host>.*[^:]):(?P<port>\d{1,5})")


def check(app: App) -> Iterator[Problem]:
    """Everything that is wrong with the address of each service."""
    for service in app.services:
        label = app.label("BIND_ADDR", service.index)
        # What cannot even be a value is told of as such.
        if label is None or label.text != service.bind_addr:
            continue
        bad = bad_bind_addresses(label.text)
        for item in bad:
            yield _bad(app, service, label, item)
        if not bad:
            yield from _interface(service, label)
            yield from _other_ports(service, label)


def _bad(app: App, service: Service, label: Label, item: slice) -> Problem:
    text = label.text[item]
    origin = label.origin.narrowed(item.start, item.stop) if text else label.origin
    port = service.port or "PORT"
    who = "the app is left out" if app.context.portable else "HAProxy refuses the file"
    behind = _PORT_BEHIND.fullmatch(text)
    if item.stop < len(label.text) and text:
        message = f'"{text:.60}" has no port, and "bind {label.text:.60}:{port}" puts one behind the last address only'
        help_ = f'write "{text:.60}:{port}" in front of the comma'
        return Problem(message, origin, f"{help_}; {who}", fix=_with_port(service, label, item))
    if behind is not None and bad_bind_addresses(behind["host"]) == []:
        message = f'gives "bind {label.text:.60}:{port}": the service port follows the address by itself'
        help_ = f"HAPROXY_{service.index}_PORT={behind['port']} chooses the port; {who}"
        return Problem(message, origin, help_, fix=_split(app, service, label, item, behind))
    what = f'"{text:.60}" is no address' if text else "there is an empty address"
    return Problem(f"{what} that a service port can be put behind", origin, f"* stands for all addresses; {who}")


def _with_port(service: Service, label: Label, item: slice) -> Fix | None:
    if not service.port or bad_bind_addresses(label.text[item]):
        return None
    edit = Edit(label.origin.document, f":{service.port}", label.origin.pointer, item.stop, item.stop)
    return Fix(f"bind port {service.port} on both", (edit,), safe=False)


def _split(app: App, service: Service, label: Label, item: slice, behind: re.Match[str]) -> Fix:
    key = escape_pointer(f"HAPROXY_{service.index}_PORT")
    address = Edit(label.origin.document, behind["host"], label.origin.pointer, item.start, item.stop)
    port = Edit(label.origin.document, behind["port"], app.at(f"labels/{key}").pointer)
    return Fix("give the port a label of its own", (address, port), safe=False)


def _interface(service: Service, label: Label) -> Iterator[Problem]:
    if _INTERFACE.fullmatch(label.text):
        message = f'"{label.text}" is taken for the name of a host, which HAProxy resolves when it starts'
        help_ = f'HAPROXY_{service.index}_BIND_OPTIONS of "interface {label.text}" binds on an interface alone'
        yield Problem(message, label.origin, help_, severity=Severity.WARNING)


def _other_ports(service: Service, label: Label) -> Iterator[Problem]:
    *others, _ = read_addresses(f"{label.text}:{service.port}")
    for item in others:
        if item.ports not in {None, Ports(service.port, service.port)}:
            message = f"binds port {item.ports} as well, which is not the service's, {service.port}"
            help_ = "one service has one port; a second one belongs to a port of its own in the app"
            origin = label.origin.narrowed(item.start, item.end)
            yield Problem(message, origin, help_, severity=Severity.WARNING)
