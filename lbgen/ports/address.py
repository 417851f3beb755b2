"""Where a listener listens, read as HAProxy reads the address of a `bind` line.

What HAProxy 2.2, 2.6, 3.0 and 3.2 and Linux do, found by asking them:

- `*`, an empty host, `0` and `0.0.0.0` are all IPv4 addresses; `::`, `[::]`, `ipv6@` and `ipv6@*` all IPv6 ones.
- `::` takes IPv4 connections as well, with `v4v6` or without, unless there is `v6only`. On `*`, `v4v6` says nothing.
- The last colon stands before the port, with brackets around the rest or without: `::1:80` is `[::1]:80`.
- `10.1:80` is 10.0.0.1. `::ffff:10.0.0.1` takes IPv4 connections. A name is looked up when HAProxy starts.
- Variables are replaced within quotes or without; one that is not set leaves nothing behind.
- A comma at the end of a list is ignored. There is no blank behind a comma: another word begins there.
- A list of ports is `first-last`, both included; port 0 is refused.
"""

from __future__ import annotations

from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 65535
"""The last port."""


class Protocol(StrEnum):
    """Ports of one number in two protocols have nothing to do with each other; QUIC is spoken over UDP."""

    TCP = "tcp"
    UDP = "udp"


class Place(NamedTuple):
    """Somewhere to listen: `host` in a `world` in which hosts differ; an empty host is all of them."""

    world: str
    host: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An address, as it is written, and the places that it stands for; it has none where these cannot be known.

    `dual` tells an IPv6 address that takes IPv4 connections too, if nobody has asked for these more plainly.
    """

    text: str
    places: tuple[Place, ...]
    dual: bool = False

    @property
    def has_ports(self) -> bool:
        """Whether it is an address of the network; sockets in the file system have no ports."""
        return not any(place.world in {"unix", "abns"} for place in self.places)

    def overlaps(self, other: Address) -> bool:
        """Whether some connection could be for either."""
        return any(
            mine.world == its.world and (not mine.host or not its.host or mine.host == its.host)
            for mine in self.places
            for its in other.places
        )


ANY_IPV4 = Address("*", (Place("ipv4"),))
ANY_IPV6 = Address("::", (Place("ipv6"),))
ANY = Address("::", (Place("ipv4"), Place("ipv6")), dual=True)


class Ports(NamedTuple):
    """Ports from `first` to `last`, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def common(self, other: Ports) -> Ports | None:
        """The ports that are in both."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Ports(first, last) if first <= last else None


class Listening(NamedTuple):
    """One item of a list of addresses: the characters from `start` up to `end` of it.

    `ports` is None where they cannot be known, or where there are none.
    """

    start: int
    end: int
    address: Address
    ports: Ports | None
    protocol: Protocol = Protocol.TCP


_PREFIX = regex(r"(?P<prefix>[a-z][a-z0-9]*)@")
_PORT = regex(r"(?P<first>\d{1,6})(?:-(?P<last>\d{1,6}))?")
_NO_NETWORK = frozenset({"fd", "sockpair", "rev", "rhttp"})
_SOCKETS = {"unix": "unix", "uxst": "unix", "uxdg": "unix", "abns": "abns", "abnsz": "abns"}
_SHORT = regex(r"\d+(?:\.\d+){0,3}")


def read_addresses(text: str, *, v6only: bool = False) -> Iterator[Listening]:
    """The items of a list of addresses, as a `bind` line has it; `v6only` is an option of that line."""
    start = 0
    for item in text.split(","):
        end = start + len(item)
        if item:
            yield _read(item, start, end, v6only=v6only)
        start = end + 1


def _read(item: str, start: int, end: int, *, v6only: bool) -> Listening:
    match = _PREFIX.match(item)
    prefix, rest = (match["prefix"], item[match.end() :]) if match else ("", item)
    if "$" in item:
        return Listening(start, end, Address(item, ()), _ports(rest.rpartition(":")[2]))
    if prefix in _NO_NETWORK:
        return Listening(start, end, Address(item, ()), None)
    if prefix in _SOCKETS or item.startswith("/"):
        place = Place(_SOCKETS.get(prefix, "unix"), rest)
        return Listening(start, end, Address(item, (place,)), None)
    host, _, port = rest.rpartition(":") if ":" in rest else (rest, "", "")
    address = _address(host, six=prefix.endswith("6"), v6only=v6only)
    protocol = Protocol.UDP if prefix.startswith(("udp", "quic")) else Protocol.TCP
    return Listening(start, end, address, _ports(port), protocol)


def _ports(text: str) -> Ports | None:
    match = _PORT.fullmatch(text)
    if match is None:
        return None
    first, last = int(match["first"]), int(match["last"] or match["first"])
    return Ports(first, last) if 1 <= first <= last <= MOST else None


def _address(host: str, *, six: bool, v6only: bool) -> Address:
    bare = host.removeprefix("[").removesuffix("]")
    if bare in {"", "*"}:
        return _any_ipv6(host, v6only=v6only) if six else Address(host or "*", ANY_IPV4.places)
    if _SHORT.fullmatch(bare):
        return _short(host, bare)
    try:
        found = IPv6Address(bare)
    except AddressValueError:
        return _named(host)
    if found.ipv4_mapped is not None:
        return _ipv4(host, found.ipv4_mapped)
    return Address(host, (Place("ipv6", str(found)),)) if int(found) else _any_ipv6(host, v6only=v6only)


def _any_ipv6(text: str, *, v6only: bool) -> Address:
    like = ANY_IPV6 if v6only else ANY
    return Address(text, like.places, like.dual)


def _ipv4(text: str, found: IPv4Address) -> Address:
    return Address(text, (Place("ipv4", str(found)) if int(found) else Place("ipv4"),))


def _short(text: str, bare: str) -> Address:
    """An IPv4 address of four numbers or fewer, of which the last stands for all that are missing."""
    *numbers, rest = [int(part[:12]) for part in bare.split(".")]
    if any(number > 255 for number in numbers) or rest >= 256 ** (4 - len(numbers)):
        return _named(text)
    return _ipv4(text, IPv4Address(sum(number << 24 - 8 * at for at, number in enumerate(numbers)) + rest))


def _named(text: str) -> Address:
    """A name: whatever it stands for, it is the same for everybody who says it."""
    return Address(text, (Place(f"name {text.lower()}"),))
