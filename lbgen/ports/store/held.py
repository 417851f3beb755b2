"""What is held, and what somebody wants held, and how the tables have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from lbgen.dataclass import dataclass
from lbgen.errors import LbgenError
from lbgen.ports.reservation import Reservation
from lbgen.ports.store.address import ANY_ADDRESS
from lbgen.ports.store.schema import RESERVATION, SLOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import ColumnElement, Row, Table


class RefusedError(LbgenError):
    """A port cannot be had: the message says who has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants held; `width` ports in a row, for `ttl` seconds, or for ever.

    With `anything` whatever the holder has already will do, else it has to be what is asked for.
    """

    scope: str
    holder: str
    protocol: str = "tcp"
    address: str = ANY_ADDRESS
    width: int = 1
    by_whom: str = ""
    ttl: int | None = None
    note: str = ""
    anything: bool = False


def reservation(row: Row[Any]) -> Reservation:
    """The row of the table as a reservation."""
    _, *values = tuple[Any, ...](row)
    return Reservation(*values)


def order(each: Reservation) -> tuple[str, int, str, str]:
    """By what reservations are sorted."""
    return each.scope, each.first_port, each.protocol, each.holder


def named(which: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """What is true of the reservations of this `scope`, `holder`, `protocol` and `port`, as far as these are given.

    `scopes` are several of which one is enough, `ports` several in a row of which one is enough.
    """
    given = {name: value for name, value in which.items() if value is not None}
    ports = range(given["port"], given["port"] + 1) if "port" in given else given.get("ports")
    found = [RESERVATION.c.holder == given["holder"]] if "holder" in given else []
    if ports is None:
        return [*found, *_where(RESERVATION, given)]
    slots = select(SLOT.c.reservation).where(SLOT.c.port.between(ports.start, ports.stop - 1), *_where(SLOT, given))
    if "scope" in given or "scopes" in given:
        # So that the key of the slots, in which the port is the fourth, can be searched for a range of ports.
        slots = slots.where(SLOT.c.protocol.in_(("tcp", "udp")), SLOT.c.family.in_((4, 6)))
    return [*found, RESERVATION.c.id.in_(slots)]


def _where(table: Table, given: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    yield from (table.c[name] == given[name] for name in ("scope", "protocol") if name in given)
    if "scopes" in given:
        yield table.c.scope.in_(sorted(given["scopes"]))


def lasting(now: int) -> ColumnElement[bool]:
    """What is true of reservations that have not run out."""
    return or_(RESERVATION.c.until.is_(None), RESERVATION.c.until > now)
