"""One attempt at a reservation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, or_, select, update

from lbgen.ports.store.address import places
from lbgen.ports.store.held import RefusedError, Wanted, named, reservation
from lbgen.ports.store.schema import ANY, ONE, PORT_KIND, RESERVATION, SLOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from lbgen.ports.reservation import Reservation
    from lbgen.ports.store.address import Place


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
        connection.execute(delete(RESERVATION).where(RESERVATION.c.until <= now))
        return self._had(connection, now) or self._hold(connection, self._free(connection), now)

    def _had(self, connection: Connection, now: int) -> Reservation | None:
        """What the holder has already, renewed if a time is given."""
        wanted = self.wanted
        mine = named({"scope": wanted.scope, "holder": wanted.holder, "protocol": wanted.protocol})
        row = connection.execute(select(RESERVATION).where(*mine).with_for_update()).one_or_none()
        if row is None:
            return None
        found = reservation(row)
        alike = (found.address, len(found.ports)) == (wanted.address, wanted.width)
        if not alike or found.first_port not in self.candidates:
            what = f"{wanted.holder} has port {found.named_ports} on {found.address} already, until it releases it"
            raise RefusedError(what, help="release it, or reserve without naming a port")
        if wanted.ttl is None:
            return found
        renewed = update(RESERVATION).where(*mine).values(until=now + wanted.ttl).returning(*RESERVATION.c)
        return reservation(connection.execute(renewed).one())

    def _free(self, connection: Connection) -> int:
        """The first port of the candidates that is free, with as many behind it as are wanted."""
        low, high = min(self.candidates), max(self.candidates) + self.wanted.width - 1
        taken = self._taken(connection, low, high)
        width = self.wanted.width
        for port in self.candidates:
            if not any(each in taken or each in self.claimed for each in range(port, port + width)):
                return port
        raise self._refusal(taken)

    def _taken(self, connection: Connection, low: int, high: int) -> dict[int, str]:
        """Who holds ports from `low` to `high` that overlap, by port."""
        slots, held = SLOT.c, RESERVATION.c
        overlapping = or_(*(_overlap(place) for place in places(self.wanted.address)))
        statement = (
            select(slots.port, held.holder)
            .join(RESERVATION, slots.reservation == held.id)
            .where(
                slots.scope == self.wanted.scope,
                slots.protocol == self.wanted.protocol,
                slots.port.between(low, high),
                overlapping,
            )
        )
        return {row.port: row.holder for row in connection.execute(statement)}

    def _refusal(self, taken: Mapping[int, str]) -> RefusedError:
        if len(self.candidates) == 1:
            (port,) = self.candidates
            wide = range(port, port + self.wanted.width)
            said = (self._said(each, taken) for each in wide)
            return RefusedError(next(filter(None, said)))
        first, last = min(self.candidates), max(self.candidates)
        return RefusedError(f"no port is free between {first} and {last} in {self.wanted.scope}")

    def _said(self, port: int, taken: Mapping[int, str]) -> str:
        """Who has the port; nothing where it is free."""
        if port in taken:
            return f"port {port} is reserved for {taken[port]}"
        return f"port {port} is taken: {self.claimed[port]}" if port in self.claimed else ""

    def _hold(self, connection: Connection, port: int, now: int) -> Reservation:
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
        row = connection.execute(insert(RESERVATION).values(values).returning(*RESERVATION.c)).one()
        for each in range(port, port + wanted.width):
            for place in places(wanted.address):
                self._take(connection, each, place, row.id)
        return reservation(row)

    def _take(self, connection: Connection, port: int, place: Place, reservation: int) -> None:
        """Takes one slot. All constraints are the database's: whatever overlaps is an IntegrityError."""
        key = {"scope": self.wanted.scope, "protocol": self.wanted.protocol, "family": place.family, "port": port}
        kind = ONE if place.address else ANY
        _insert_missing(connection, {**key, "kind": kind})
        mine = [PORT_KIND.c[name] == value for name, value in key.items()]
        connection.execute(update(PORT_KIND).where(*mine, PORT_KIND.c.kind != kind).values(kind=kind))
        slot = {**key, "address": place.address, "kind": kind, "reservation": reservation}
        connection.execute(insert(SLOT).values(slot))


def _overlap(place: Place) -> ColumnElement[bool]:
    same = SLOT.c.family == place.family
    return and_(same, SLOT.c.address.in_(("", place.address))) if place.address else same


def _insert_missing(connection: Connection, values: Mapping[str, Any]) -> None:
    from sqlalchemy.dialects import postgresql, sqlite

    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(PORT_KIND).values(values).on_conflict_do_nothing())
