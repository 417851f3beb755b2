"""Ports that nobody claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.ports.address import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.ports.claim import Claim


def free_ports(claims: Iterable[Claim], allowed: range, protocol: Protocol = Protocol.TCP) -> Iterator[int]:
    """The ports of a range that none of the claims has, bound or held, on any node and address; the lowest first."""
    taken = sorted(claim.ports for claim in claims if claim.ports is not None and claim.protocol == protocol)
    port = allowed.start
    for first, last in taken:
        yield from range(port, min(first, allowed.stop))
        port = max(port, last + 1)
    yield from range(port, allowed.stop)
