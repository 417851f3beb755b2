"""Which port somebody gets who does not care: the same one every time, as long as it is free."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def candidates(holder: str, ports: Sequence[int]) -> list[int]:
    """All of the ports, from one on that depends on the holder alone, so that few holders want one port."""
    if not ports:
        return []
    start = int(hashlib.sha256(holder.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16) % len(ports)
    return [*ports[start:], *ports[:start]]
