"""A reservation: a port that is held for somebody, whoever keeps the books."""

from __future__ import annotations

import time

from lbgen.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Reservation:
    """A port, or several in a row, held for somebody.

    `holder` is an app and the index of its service port, as in `/shop/web:0`; `scope` is the load-balancer group that
    it holds for; `address` is an IP address or `*`. `since` and `until` are seconds since 1970, None for ever.
    """

    scope: str
    holder: str
    protocol: str
    address: str
    first_port: int
    last_port: int
    by_whom: str
    since: int
    until: int | None
    note: str

    @property
    def ports(self) -> range:
        """The ports."""
        return range(self.first_port, self.last_port + 1)

    @property
    def named_ports(self) -> str:
        """The port, or the first and the last one."""
        return str(self.first_port) if len(self.ports) == 1 else f"{self.first_port}-{self.last_port}"


def until(each: Reservation) -> str:
    """Until when it is held, in words."""
    return "it is released" if each.until is None else time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(each.until))


def by_whom(each: Reservation) -> str:
    """Who has reserved it, in words behind others; empty where that is not known."""
    return f" by {each.by_whom}" if each.by_whom else ""


def told(each: Reservation) -> str:
    """For whom it is reserved, where, by whom and until when."""
    return f"reserved for {each.holder} in {each.scope}{by_whom(each)} until {until(each)}"
