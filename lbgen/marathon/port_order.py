"""The order in which ports are tried for somebody who does not care: by reservations, and before deployment."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def port_order(holder: str, ports: Sequence[int]) -> Iterator[int]:
    """All of the ports, from one on that depends on the holder alone, so that few holders want one port.

    A holder is an app and the index of its service port, as in `/shop/web:0`.
    """
    if not ports:
        return
    start = int(hashlib.sha256(holder.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16) % len(ports)
    yield from ports[start:]
    yield from ports[:start]
