"""Addresses that a port is reserved on, in the one way in which the store writes them."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

from lbgen.errors import UsageError

ANY_ADDRESS = "*"
"""All addresses, of both families."""


class Place(NamedTuple):
    """Where a slot is: 4 or 6, and the address, empty for all of the family."""

    family: int
    address: str


_WILDCARDS = {
    "": (Place(4, ""), Place(6, "")),
    "*": (Place(4, ""), Place(6, "")),
    "0.0.0.0": (Place(4, ""),),  # noqa: S104 - nothing is bound here
    "::": (Place(6, ""),),
}


def canonical(address: str) -> str:
    """The address as it is stored; raises UsageError where it is none."""
    if address in _WILDCARDS:
        return address or ANY_ADDRESS
    try:
        found = ip_address(address.strip("[]"))
    except ValueError:
        raise UsageError(f'"{address}" is no address: give an IP address, or * for all') from None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def places(address: str) -> tuple[Place, ...]:
    """The places that a canonical address takes."""
    if address in _WILDCARDS:
        return _WILDCARDS[address]
    return (Place(ip_address(address).version, address),)
