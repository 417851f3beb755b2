"""`bind` lines: where a frontend listens, and how."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Directive
    from lbgen.routing.values import Address

_PREFIX = regex(r"(ipv4|ipv6|tcp|tcp4|tcp6|udp4|udp6|quic4|quic6|quic|unix|abns|abnsz|fd|sockpair)@")
_PORTS = regex(r"(.*?):?(\d+)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Bind:
    """An address that a frontend listens on.

    `host` is None for all addresses, `ports` are empty where there are none, as of `abns@name`, or where a variable
    keeps them from being known. `text` is the address as it is written.
    """

    text: str
    host: Address | None
    ports: range
    tls: bool
    directive: Directive

    def takes(self, port: int, to: Address | None) -> bool:
        """Whether a connection to this port, of this address if it is known, arrives here."""
        return port in self.ports and (self.host is None or to is None or to == self.host)


def binds(directive: Directive) -> Iterator[Bind]:
    """The addresses of one `bind` line."""
    args = directive.args
    if not args:
        return
    tls = any(word.text == "ssl" for word in args[1:])
    for text in args[0].text.split(","):
        host, ports = _address(text.strip())
        yield Bind(text.strip(), host, ports, tls, directive)


def _address(text: str) -> tuple[Address | None, range]:
    prefix = _PREFIX.match(text)
    kind = prefix[1] if prefix else ""
    rest = text[prefix.end() :] if prefix else text
    found = _PORTS.fullmatch(rest)
    local = kind in {"unix", "abns", "abnsz", "fd", "sockpair"} or rest.startswith("/")
    # What comes over QUIC is no connection of TCP.
    if found is None or local or kind.startswith(("quic", "udp")):
        return None, range(0)
    first = int(found[2][:6])
    return _host(found[1]), range(first, int((found[3] or found[2])[:6]) + 1)


def _host(text: str) -> Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return None if address.is_unspecified else address
