"""Reservations: ports that are held for somebody, one holder each, whoever asks at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Integer, cast, delete, extract, func, select, text, update
from sqlalchemy.exc import IntegrityError

from lbgen.errors import ToolError
from lbgen.ports.store.choice import Choice
from lbgen.ports.store.database import Database
from lbgen.ports.store.held import lasting, named, order, reservation
from lbgen.ports.store.schema import ASTRAY, RESERVATION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from lbgen.ports.reservation import Reservation
    from lbgen.ports.store.held import Wanted


_MOST_ATTEMPTS = 1000


class Reservations:
    """The reservations that a database keeps; see `Database` for what opening it raises.

    With `reads` they are only looked at, and nothing is made where there are none.
    """

    def __init__(self, url: str, *, reads: bool = False) -> None:
        self._database = Database(url, reads=reads)

    def reserve(
        self, wanted: Wanted, candidates: Sequence[int], claimed: Mapping[int, str] | None = None
    ) -> Reservation:
        """The first of the candidates, in their order, that is free; what the holder has already, if it has something.

        `claimed` says of ports that somebody binds them, and who. Raises RefusedError where none is to be had, and
        ToolError where the database cannot be used.
        """
        choice = Choice(wanted, candidates, claimed or {}, self._now)
        for _ in range(_MOST_ATTEMPTS):
            try:
                return self._database.run(choice.made)
            except IntegrityError:
                # Somebody else was faster: what is there now decides.
                continue
        raise ToolError("too many others reserve ports at this moment: try again")

    def release(self, **which: Any) -> list[Reservation]:
        """Ends these reservations, and returns them; see `held` for what they are named by."""

        def work(connection: Connection) -> list[Reservation]:
            now = self._now(connection)
            found = connection.execute(delete(RESERVATION).where(*named(which)).returning(*RESERVATION.c))
            ended = map(reservation, found)
            return sorted((each for each in ended if each.until is None or each.until > now), key=order)

        return self._database.run(work)

    def renew(self, ttl: int | None, **which: Any) -> list[Reservation]:
        """Has these reservations last `ttl` seconds from now, or for ever; returns those that are still held."""

        def work(connection: Connection) -> list[Reservation]:
            now = self._now(connection)
            until = None if ttl is None else now + ttl
            statement = update(RESERVATION).where(*named(which), lasting(now)).values(until=until)
            return sorted(map(reservation, connection.execute(statement.returning(*RESERVATION.c))), key=order)

        return self._database.run(work)

    def held(self, **which: Any) -> list[Reservation]:
        """What is held now, in order: of this `scope`, `holder`, `protocol` and `port`, as far as these are given.

        `scopes` and `ports` are several of which one is enough.
        """
        if self._database.empty:
            return []

        def work(connection: Connection) -> list[Reservation]:
            found = connection.execute(select(RESERVATION).where(*named(which), lasting(self._now(connection))))
            return sorted(map(reservation, found), key=order)

        return self._database.run(work)

    def astray(self) -> list[tuple[Any, ...]]:
        """Slots that no reservation takes, and those that are missing: the database is there to have none."""

        def work(connection: Connection) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.execute(text(ASTRAY))]

        return self._database.run(work)

    def _now(self, connection: Connection) -> int:
        """The database's clock, in seconds: those of the clients may differ."""
        if self._database.sqlite:
            clock: ColumnElement[int] = cast(func.strftime("%s", "now"), Integer)
        else:
            clock = cast(func.floor(extract("epoch", func.clock_timestamp())), BigInteger)
        return int(connection.execute(select(clock)).scalar_one())
