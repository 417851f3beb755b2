"""Whether the ports of a definition are free on the nodes that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.pipeline.claims import Claims
from lbgen.ports.address import Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.finding import Finding
    from lbgen.pipeline.claims import Row
    from lbgen.pipeline.options import Options
    from lbgen.source import Document


class Node:
    """What a load-balancer node uses: its load balancer's own ports, and what the files on it say.

    `own` says whether a Marathon-LB is on the node, so that its ports and its service ports are taken. Raises as
    `Claims` does.
    """

    def __init__(self, beside: Sequence[str], options: Options, *, own: bool) -> None:
        claims = Claims(beside, options)
        self.findings: Sequence[Finding] = claims.inputs.told
        self.documents: Mapping[str, Document] = claims.inputs.documents
        self._rows = claims.rows()
        self._lb_ports = options.lb_ports if own else ()
        self._service_ports = options.service_ports if own else range(0)

    def user_of(self, port: int, name: str) -> str | None:
        """Who uses the port, in a few words, None where nobody does but the definition called `name` itself."""
        holder = next((row for row in self._rows if _has(row, port) and not _is_of(row, name)), None)
        if holder is not None:
            where = f", as {holder.where} says" if holder.where else ""
            return f"{holder.claim.owner} ({holder.why}){where}"
        if port in self._lb_ports:
            return "Marathon-LB itself (--lb-ports says which ports it has)"
        if port in self._service_ports:
            first, last = self._service_ports[0], self._service_ports[-1]
            return f"Marathon, which gives {first} to {last} to its apps (--service-ports)"
        return None


def _has(row: Row, port: int) -> bool:
    claim = row.claim
    return claim.protocol is Protocol.TCP and claim.ports is not None and claim.ports.first <= port <= claim.ports.last


def _is_of(row: Row, name: str) -> bool:
    """Whether the app or the pool of this name claims it."""
    owner = row.claim.owner
    return owner == f"/{name}" or owner.endswith(f" of the pool {name}")
