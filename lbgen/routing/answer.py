"""What becomes of a request: the answer, and the rules that it comes from."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from lbgen.routing.binds import Bind
    from lbgen.routing.request import Request
    from lbgen.routing.table import Proxy, Rule, Server
    from lbgen.routing.values import Verdict


class Kind(StrEnum):
    """How a request ends."""

    SERVED = "served"
    REDIRECTED = "redirected"
    LOGIN = "login"
    DENIED = "denied"
    CLOSED = "closed"
    ANSWERED = "answered"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


class Step(NamedTuple):
    """A rule that was looked at, in this section, and whether its condition holds."""

    proxy: Proxy
    rule: Rule
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ends: `status` is what the client is answered, if HAProxy answers by itself.

    `detail` is the place of a redirect, the realm of a login, or what answers. `backend` and `servers` are who serves;
    they get the request with `target` and `host`, None where these cannot be told.
    """

    kind: Kind
    status: int | None = None
    detail: str | None = None
    backend: Proxy | None = None
    servers: tuple[Server, ...] = ()
    target: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way that a request may go.

    `decided` are the rules that sent it this way, in their order; `assumed` are those of them that cannot be judged:
    it goes this way if they match, and those of earlier ways do not.
    """

    outcome: Outcome
    decided: tuple[Step, ...] = ()
    assumed: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """A frontend that takes the request: where it may go from there, and all rules that were looked at on the way.

    The last of `ways` is the one where nothing that cannot be judged matches. `behind` are rules that were not looked
    at any more, though they could have sent the request elsewhere.
    """

    proxy: Proxy
    bind: Bind
    ways: tuple[Way, ...]
    looked_at: tuple[Step, ...] = ()
    behind: tuple[Step, ...] = ()

    @property
    def beaten(self) -> tuple[Step, ...]:
        """Rules that match as well, and come too late."""
        return tuple(step for step in self.behind if step.verdict.truth)


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a request: one door, several where connections are dealt out to more than one, or none.

    `misfits` listen on the port and do not speak the protocol.
    """

    request: Request
    doors: tuple[Door, ...]
    misfits: tuple[Door, ...] = ()

    @property
    def routed(self) -> bool:
        """Whether the request surely reaches a backend with a server, a redirect, or an answer of HAProxy's."""
        ways = [way for door in self.doors for way in door.ways]
        good = {Kind.SERVED, Kind.REDIRECTED, Kind.ANSWERED}
        return bool(ways) and all(way.outcome.kind in good for way in ways)
