"""One attempt at a reservation."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, or_, select, update

from lbgen.dataclass import dataclass
from lbgen.ports.reservation import told
from lbgen.ports.store.address import places
from lbgen.ports.store.expired import give_back, sweep
from lbgen.ports.store.held import RefusedError, Wanted, lasting, named, reservation
from lbgen.ports.store.schema import RESERVATION, SLOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from lbgen.ports.reservation import Reservation
    from lbgen.ports.store.address import Place

_FIRST_LOOK = 64
_WIDER = 8
_MOST_RUNS = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """One attempt at a reservation, in one transaction."""

    wanted: Wanted
    candidates: Sequence[int]
    claimed: Mapping[int, str]
    now: Any

    def made(self, connection: Connection) -> Reservation:
        """The reservation; raises RefusedError, and IntegrityError where somebody else was faster."""
        now = self.now(connection)
        some_left = sweep(connection, now)
        if (had := self._had(connection, now)) is not None:
            return had
        port = self._free(connection, now)
        if some_left:
            give_back(connection, now, self.wanted, range(port, port + self.wanted.width))
        return self._hold(connection, port, now)

    def _had(self, connection: Connection, now: int) -> Reservation | None:
        """What the holder has already, renewed if a time is given."""
        wanted = self.wanted
        mine = named({"scope": wanted.scope, "holder": wanted.holder, "protocol": wanted.protocol})
        row = connection.execute(select(RESERVATION).where(*mine, lasting(now)).with_for_update()).one_or_none()
        if row is None:
            return None
        found = reservation(row)
        alike = (found.address, len(found.ports)) == (wanted.address, wanted.width)
        if not wanted.anything and not (alike and found.first_port in self.candidates):
            what = f"{wanted.holder} has port {found.named_ports} on {found.address} already, until it releases it"
            raise RefusedError(what, help="release it, or reserve without naming a port")
        if wanted.ttl is None:
            return found
        renewed = update(RESERVATION).where(*mine).values(until=now + wanted.ttl).returning(*RESERVATION.c)
        return reservation(connection.execute(renewed).one())

    def _free(self, connection: Connection, now: int) -> int:
        """The first port of the candidates that is free, with as many behind it as are wanted."""
        for some in _looks(self.candidates):
            taken = self._taken(connection, some, now)
            for port in some:
                if not any(each in taken or each in self.claimed for each in self._row(port)):
                    return port
        raise self._refusal(connection, now)

    def _row(self, port: int) -> range:
        return range(port, port + self.wanted.width)

    def _taken(self, connection: Connection, some: Sequence[int], now: int) -> set[int]:
        """Which ports of those that begin with some of the candidates are taken by what overlaps."""
        statement = select(SLOT.c.port).join(RESERVATION, SLOT.c.reservation == RESERVATION.c.id)
        among = or_(*(SLOT.c.port.between(first, last) for first, last in self._runs(some)))
        return set(connection.scalars(statement.where(among, self._overlapping(), lasting(now))))

    def _runs(self, some: Sequence[int]) -> list[tuple[int, int]]:
        """The first and the last ports of what has no gaps, all together where there are too many of these."""
        behind = self.wanted.width - 1
        runs: list[tuple[int, int]] = []
        for port in sorted(some):
            if runs and port <= runs[-1][1] + 1:
                runs[-1] = (runs[-1][0], port + behind)
            else:
                runs.append((port, port + behind))
        return runs if len(runs) <= _MOST_RUNS else [(runs[0][0], runs[-1][1])]

    def _overlapping(self) -> ColumnElement[bool]:
        wanted = self.wanted
        here = or_(*(_overlap(place) for place in places(wanted.address)))
        return and_(SLOT.c.scope == wanted.scope, SLOT.c.protocol == wanted.protocol, here)

    def _refusal(self, connection: Connection, now: int) -> RefusedError:
        wanted = self.wanted
        if len(self.candidates) == 1:
            (port,) = self.candidates
            return RefusedError(self._said(connection, self._row(port), now))
        first, last = min(self.candidates), max(self.candidates)
        in_a_row = f"no {wanted.width} ports in a row are" if wanted.width > 1 else "no port is"
        help_ = f"lbgen ports reservations --scope {wanted.scope} lists who holds them"
        return RefusedError(f"{in_a_row} free between {first} and {last} in {wanted.scope}", help=help_)

    def _said(self, connection: Connection, ports: range, now: int) -> str:
        """Who has the first of these ports that is not free."""
        slots = select(SLOT.c.reservation).where(SLOT.c.port.between(ports[0], ports[-1]), self._overlapping())
        statement = select(RESERVATION).where(RESERVATION.c.id.in_(slots), lasting(now))
        row = connection.execute(statement.order_by(RESERVATION.c.first_port, RESERVATION.c.id).limit(1)).one_or_none()
        held = reservation(row) if row is not None else None
        port = max(held.first_port, ports[0]) if held is not None else ports.stop
        claimed = min((each for each in ports if each in self.claimed), default=ports.stop)
        if held is not None and port <= claimed:
            return f"port {port} is {told(held)}"
        return f"port {claimed} is taken: {self.claimed[claimed]}"

    def _hold(self, connection: Connection, port: int, now: int) -> Reservation:
        """Inserts the reservation. All constraints are the database's: whatever overlaps is an IntegrityError."""
        wanted = self.wanted
        values = {
            "scope": wanted.scope,
            "holder": wanted.holder,
            "protocol": wanted.protocol,
            "address": wanted.address,
            "first_port": port,
            "last_port": port + wanted.width - 1,
            "by_whom": wanted.by_whom,
            "since": now,
            "until": None if wanted.ttl is None else now + wanted.ttl,
            "note": wanted.note,
        }
        return reservation(connection.execute(insert(RESERVATION).values(values).returning(*RESERVATION.c)).one())


def _looks(candidates: Sequence[int]) -> Iterator[list[int]]:
    """The candidates, few at first: most often one of these is free."""
    rest: Iterable[int] = iter(candidates)
    size = _FIRST_LOOK
    while some := list(islice(rest, size)):
        yield some
        size *= _WIDER


def _overlap(place: Place) -> ColumnElement[bool]:
    same = SLOT.c.family == place.family
    return and_(same, SLOT.c.address.in_(("", place.address))) if place.address else same
