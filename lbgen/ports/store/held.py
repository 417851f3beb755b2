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
    given = {name: value for name, value in which.items() if value is not None}
    found = [RESERVATION.c[name] == given[name] for name in ("scope", "holder", "protocol") if name in given]
    if "port" in given:
        # The slots have an index of ports; of scopes it is a part.
        alike = [SLOT.c[name] == given[name] for name in ("port", "scope", "protocol") if name in given]
        found.append(RESERVATION.c.id.in_(select(SLOT.c.reservation).where(*alike)))
    return found


def lasting(now: int) -> ColumnElement[bool]:
    """What is true of reservations that have not run out."""
    return or_(RESERVATION.c.until.is_(None), RESERVATION.c.until > now)
