"""What clashes are called, how bad they are, and what to do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.ports.claim import Kind
from lbgen.ports.clash import Sharing

if TYPE_CHECKING:
    from lbgen.ports.clash import Clash


def who(clash: Clash) -> str:
    """Who has the better right, and how; an app that two load balancers serve clashes with itself."""
    first = clash.first
    if first.kind is Kind.WRITTEN:
        return first.owner
    where = f" in {first.scope}" if first.owner == clash.second.owner and first.scope != clash.second.scope else ""
    return f"{first.owner}{where} ({first.how})"


def subject(clash: Clash) -> str:
    """What is claimed twice."""
    if clash.ports is None:
        return f'the socket "{clash.second.address.text:.60}"'
    many = "ports" if clash.ports.first != clash.ports.last else "port"
    return f"{many} {clash.ports}"


_CONSEQUENCES = {
    Sharing.SPLIT: "HAProxy accepts both, and the kernel deals connections out to either",
    Sharing.FIRST: "HAProxy accepts both, and connections that are for either all go there",
    Sharing.SECOND: "HAProxy accepts both, and connections that are for either all come here",
    Sharing.EITHER: "HAProxy accepts both, and one of them gets all connections that are for both",
    Sharing.LAST: "HAProxy accepts both, and the one that it opens last gets all connections",
    Sharing.ONE: "only one program gets it, and whoever comes second does not start",
    Sharing.GIVEN: "Mesos gives it to one of them, and the other does not start there",
    Sharing.REFUSED: "HAProxy cannot open it twice, and does not start",
}


def consequence(clash: Clash) -> str:
    """What comes of a clash, in a few words."""
    return _CONSEQUENCES[clash.sharing]


def severity(clash: Clash) -> Severity:
    """How bad a clash is: where it is known who is served, somebody may mean it."""
    return Severity.WARNING if clash.sharing in {Sharing.FIRST, Sharing.SECOND} else Severity.ERROR


def advice(free: int | None) -> str:
    """What to do, with a port that nobody claims, where there is one."""
    return "choose another port" if free is None else f"choose another port: {free} is free"
