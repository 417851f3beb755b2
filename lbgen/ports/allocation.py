"""Which port somebody gets who does not care: the same one every time, as long as it is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.marathon.port_order import port_order

if TYPE_CHECKING:
    from collections.abc import Sequence


def candidates(holder: str, ports: Sequence[int]) -> list[int]:
    """All of the ports, in the one order in which they are tried for the holder, planned or reserved."""
    return list(port_order(holder, ports))
