"""Reservations that have run out: they hold nothing, and whoever reserves clears some of them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select

from lbgen.ports.store.held import Wanted, named
from lbgen.ports.store.schema import RESERVATION, SLOT

if TYPE_CHECKING:
    from sqlalchemy import Connection

_MOST = 100
"""How many are cleared away at once: more than anybody adds, and few enough that nobody waits."""


def sweep(connection: Connection, now: int) -> bool:
    """Deletes some of those that have run out; returns whether there may be more."""
    # Those that somebody else is about to delete are left to him.
    oldest = select(RESERVATION.c.id).where(RESERVATION.c.until <= now).order_by(RESERVATION.c.until).limit(_MOST)
    some = oldest.with_for_update(skip_locked=True)
    return connection.execute(delete(RESERVATION).where(RESERVATION.c.id.in_(some))).rowcount == _MOST


def give_back(connection: Connection, now: int, wanted: Wanted, ports: range) -> None:
    """Deletes what has run out and would be in the way of these ports, or of their new holder."""
    slots = select(SLOT.c.reservation).where(
        SLOT.c.scope == wanted.scope,
        SLOT.c.protocol == wanted.protocol,
        SLOT.c.family.in_((4, 6)),
        SLOT.c.port.between(ports[0], ports[-1]),
    )
    own = named({"scope": wanted.scope, "holder": wanted.holder, "protocol": wanted.protocol})
    in_the_way = or_(RESERVATION.c.id.in_(slots), and_(*own))
    # In one order, so that two who do so never wait for each other.
    found = select(RESERVATION.c.id).where(in_the_way, RESERVATION.c.until <= now)
    locked = found.order_by(RESERVATION.c.id).with_for_update()
    connection.execute(delete(RESERVATION).where(RESERVATION.c.id.in_(locked)))
