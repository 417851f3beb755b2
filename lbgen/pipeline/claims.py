"""Everything that is claimed or held, with where it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.lint.claims import fleet_claims, taken
from lbgen.pipeline.lint_inputs import read_fleet
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.reserved import as_claim
from lbgen.report.places import locate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.context import Context
    from lbgen.pipeline.lint_inputs import LintInputs
    from lbgen.pipeline.options import Options
    from lbgen.report.places import Place


@dataclass(frozen=True, slots=True)
class Row:
    """A claim, and where it is said, as far as that is known."""

    claim: Claim
    place: Place | None

    @property
    def where(self) -> str:
        """As in `apps.json:9:17`; empty for what nobody says."""
        if self.place is not None:
            return str(self.place)
        config = self.claim.config
        return f"{config.document}:{config.line}" if config is not None else ""

    @property
    def scope(self) -> str:
        """The group or the pool that it is for, or else the machines that it is on."""
        where = self.claim.scope or self.claim.node
        return f"{where} in namespace {self.claim.namespace}" if self.claim.namespace else where

    @property
    def why(self) -> str:
        """What makes somebody claim it."""
        return self.claim.kind.value if self.claim.own else self.claim.how


class Claims:
    """The claims of files, which are one fleet, with the reservations and the sockets that the options name.

    Raises as `read_fleet` does.
    """

    def __init__(self, paths: Sequence[str], options: Options, *, stdin_name: str | None = None) -> None:
        self.inputs: LintInputs = read_fleet(paths, options, stdin_name=stdin_name)
        context = self.inputs.fleet.context
        self.made = [*fleet_claims(self.inputs.fleet), *_listeners(context)]
        self.taken = taken(self.made, self.inputs.fleet)
        self._held = [as_claim(each) for each in context.reservations]

    def rows(self) -> list[Row]:
        """All of them, by port, each once."""
        found = dict.fromkeys(self.row(claim) for claim in (*self.made, *self._held))
        return sorted(found, key=_order)

    def row(self, claim: Claim) -> Row:
        """The claim with its place."""
        documents = self.inputs.documents
        return Row(claim, locate(claim.origins[0], documents) if claim.origins else None)


def _order(row: Row) -> tuple[object, ...]:
    claim = row.claim
    ports = claim.ports or (1 << 20, 0)
    named = str(claim.protocol), row.scope, claim.address.text, claim.owner, row.why
    place = row.place
    line = place.span.start if place is not None and place.span is not None else (0, 0)
    return (*ports, *named, place.document if place is not None else "", *line, row.where, claim.node)


def _listeners(context: Context) -> Iterator[Claim]:
    for each in context.listening:
        yield Claim(
            node="machines",
            address=each.address,
            ports=each.ports,
            owner=each.process or "some process",
            how="listens now",
            kind=Kind.LISTENER,
            protocol=each.protocol,
            interface=each.interface,
            origins=(each.origin,),
        )
