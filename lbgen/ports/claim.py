"""Claims: somebody binds ports on a node."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.ports.address import Protocol

if TYPE_CHECKING:
    from lbgen.finding import ConfigLine
    from lbgen.origin import Origin
    from lbgen.ports.address import Address, Ports


class Kind(StrEnum):
    """What makes somebody bind a port, in words that say how."""

    OWN = "a section of the load balancer's own"
    HEAD = "a template of the operator's"
    LISTENER = "a process that listens now"
    WRITTEN = "a configuration that somebody wrote"
    SERVICE_PORT = "the service port"
    FRONTEND = "a frontend of a pool"
    STATS = "the statistics of a pool"
    ASKED = "a port that a pool asks for"
    NODE_PORT = "a NodePort of Kubernetes"
    HOST_PORT = "a hostPort of Kubernetes"
    HOST_APP = "a required port of an app on the host's network"
    LABEL = "the label of the service port"
    BIND = "a bind line of a label"
    BIND_ADDRESS = "the label of the bind address"
    AUTOMATIC = "an automatic port"
    PLANNED = "a port that is yet to be chosen"
    RESERVED = "a reservation"


_RANKS = {
    Kind.LISTENER: -1,
    Kind.OWN: 0,
    Kind.HEAD: 1,
    Kind.WRITTEN: 3,
    Kind.LABEL: 5,
    Kind.BIND: 6,
    Kind.BIND_ADDRESS: 6,
    Kind.AUTOMATIC: 7,
    Kind.PLANNED: 8,
}
_USUAL = 4
_GIVEN = frozenset({Kind.FRONTEND, Kind.STATS, Kind.ASKED, Kind.HOST_APP})
_FOREIGN = frozenset({Kind.LISTENER, Kind.NODE_PORT, Kind.HOST_PORT, Kind.HOST_APP})


class Branch(NamedTuple):
    """A branch of a condition: of `number`s within one `condition` only one is in force."""

    condition: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Somebody binds these ports of this address.

    `node` is the set of machines on which it happens: claims on different ones have nothing to do with each other, nor
    have those of different network `namespace`s or `interface`s; an empty interface is all of them. `owner` is an app,
    or how a section introduces itself; `how` says what makes it bind, in a few words. `section` is what the bind
    belongs to: whoever binds twice in one section means to. `ports` is None for a socket without ports, or where they
    are not known.

    `binds` is False where the port is only held: a suspended app, a port that is yet to be chosen. Of `branches` of one
    condition only one is in force. `origins` are the values that ask for it, the most telling first. `scope` is the
    load-balancer group or the pool that it is for, empty for what is for none; `index` that of an app's service port,
    None for what is no service port.
    """

    node: str
    address: Address
    ports: Ports | None
    owner: str
    how: str
    kind: Kind
    protocol: Protocol = Protocol.TCP
    section: str = ""
    interface: str = ""
    namespace: str = ""
    binds: bool = True
    branches: tuple[Branch, ...] = ()
    origins: tuple[Origin, ...] = ()
    config: ConfigLine | None = None
    scope: str = ""
    index: int | None = None

    @property
    def rank(self) -> tuple[object, ...]:
        """Whose claim comes first: who listens already, the load balancer's own, then who has the port by itself.

        Otherwise it goes by name.

        In a file that somebody wrote, what is written first comes first.
        """
        where = self.origins[0] if self.origins else None
        line = where.position.line if where is not None and where.position is not None else 0
        if self.config is not None:
            line = self.config.line
        owner = "" if self.kind is Kind.WRITTEN else self.owner
        document = where.document if where is not None else ""
        at = f"{where.pointer} {where.start} {where.position}" if where is not None else ""
        what = f"{self.ports} {self.address.text}"
        return _RANKS.get(self.kind, _USUAL), owner, self.node, document, line, what, at, self.section, self.branches

    @property
    def own(self) -> bool:
        """Whether it is the load balancer's own."""
        return self.kind in {Kind.OWN, Kind.HEAD}

    @property
    def given(self) -> bool:
        """Whether Mesos gives the port, and gives it once."""
        return self.kind in _GIVEN

    @property
    def foreign(self) -> bool:
        """Whether it is another program than HAProxy, with which it shares no port."""
        return self.kind in _FOREIGN

    def excludes(self, other: Claim) -> bool:
        """Whether the two are never in force together."""
        if not self.branches or not other.branches:
            return False
        numbers = dict(self.branches)
        return any(numbers.get(condition, number) != number for condition, number in other.branches)
