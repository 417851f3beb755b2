"""What files claim, as far as it stands in the way of a reservation."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.ports.address import Address
from lbgen.ports.claim import Kind
from lbgen.ports.holders import Holders
from lbgen.ports.reserved import places_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from lbgen.pipeline.claims import Claims
    from lbgen.ports.claim import Claim
    from lbgen.ports.store import Wanted


@dataclass(slots=True)
class InFiles:
    """Who has which of the ports, in words, and the ports that are the holder's own already."""

    taken: dict[int, str] = field(default_factory=dict)
    mine: list[int] = field(default_factory=list)


def in_files(claims: Claims, wanted: Wanted, ports: Sequence[int]) -> InFiles:
    """What the claims of files mean to somebody who wants one of these ports.

    Those of other groups and pools count where they run on the same machines; whatever is for none counts always.
    """
    apps = claims.inputs.fleet.apps
    holders = Holders(app.app for app in apps)
    mine = {app.id.strip("/"): app.app for app in apps}
    found, left = InFiles(), set(ports)
    for claim in _overlapping(claims.made, wanted, sharing(wanted.scope, claims.inputs.fleet.context.shared_nodes)):
        app = mine.get(claim.owner.strip("/"))
        touched = _touched(claim, left)
        if app is not None and wanted.holder in holders.of(app, claim.index):
            found.mine += sorted(touched)
            continue
        row = claims.row(claim)
        found.taken |= dict.fromkeys(touched, f"{claim.owner} has it ({', '.join(filter(None, (row.why, row.where)))})")
        left -= touched
    found.mine = [port for port in found.mine if port not in found.taken]
    return found


def sharing(scope: str, shared: Iterable[Sequence[str]]) -> set[str]:
    """The scopes on the machines of this one, itself among them; each of `shared` are some on the same machines."""
    together = {scope}
    left = [set(names) for names in shared]
    while some := [names for names in left if names & together]:
        together = together.union(*some)
        left = [names for names in left if names not in some]
    return together


def _overlapping(claims: Sequence[Claim], wanted: Wanted, scopes: Collection[str]) -> Iterator[Claim]:
    address = Address(wanted.address, places_of(wanted.address))
    nodes = {claim.node for claim in claims if claim.scope in scopes}
    for claim in claims:
        near = not claim.scope or claim.scope in scopes or claim.node in nodes
        binds = claim.kind is not Kind.PLANNED and claim.ports is not None
        if near and binds and claim.protocol == wanted.protocol and claim.address.overlaps(address):
            yield claim


def _touched(claim: Claim, left: set[int]) -> set[int]:
    assert claim.ports is not None  # noqa: S101 - others overlap with nothing
    first, last = claim.ports
    if first == last:
        return {first} & left
    return {port for port in left if first <= port <= last}
