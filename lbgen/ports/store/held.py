"""What is held, and what somebody wants held, and how the tables have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_

from lbgen.errors import LbgenError
from lbgen.ports.reservation import Reservation
from lbgen.ports.store.address import ANY_ADDRESS
from lbgen.ports.store.schema import RESERVATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Row


class RefusedError(LbgenError):
    """A port cannot be had: the message says who has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants held; `width` ports in a row, for `ttl` seconds, or for ever."""

    scope: str
    holder: str
    protocol: str = "tcp"
    address: str = ANY_ADDRESS
    width: int = 1
    by_whom: str = ""
    ttl: int | None = None
    note: str = ""


def reservation(row: Row[Any]) -> Reservation:
    """The row of the table as a reservation."""
    _, *values = tuple[Any, ...](row)
    return Reservation(*values)


def order(each: Reservation) -> tuple[str, int, str, str]:
    """By what reservations are sorted."""
    return each.scope, each.first_port, each.protocol, each.holder


def named(which: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """What is true of the reservations of this `scope`, `holder`, `protocol` and `port`, as far as these are given."""
    columns = {"scope": RESERVATION.c.scope, "holder": RESERVATION.c.holder, "protocol": RESERVATION.c.protocol}
    found: list[ColumnElement[bool]] = [
        columns[name] == value for name, value in which.items() if name in columns and value is not None
    ]
    if (port := which.get("port")) is not None:
        found.append(and_(RESERVATION.c.first_port <= port, RESERVATION.c.last_port >= port))
    return found


def lasting(now: int) -> ColumnElement[bool]:
    """What is true of reservations that have not run out."""
    return or_(RESERVATION.c.until.is_(None), RESERVATION.c.until > now)
