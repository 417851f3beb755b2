"""What becomes of a request: which frontends take it, and where it goes from each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.routing.answer import Answer, Door, Kind, Outcome, Way
from lbgen.routing.state import state_of
from lbgen.routing.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.routing.binds import Bind
    from lbgen.routing.request import Request
    from lbgen.routing.table import Proxy, Table


def route(request: Request, table: Table, files: Mapping[str, str] | None = None) -> Answer:
    """What becomes of the request; `files` are the texts of maps and of lists of patterns, by path or name."""
    doors, misfits = [], []
    for proxy, bind in _listening(request, table):
        problem = _problem(request, proxy, bind)
        if problem is not None:
            misfits.append(Door(proxy, bind, (Way(problem),)))
            continue
        walk = Walk()
        ways = tuple(walk.ways(state_of(request, table, files or {}, proxy, terminated=bind.tls)))
        doors.append(Door(proxy, bind, ways, tuple(walk.looked_at), tuple(walk.behind)))
    return Answer(request, tuple(doors), tuple(misfits))


def _listening(request: Request, table: Table) -> Iterator[tuple[Proxy, Bind]]:
    """The frontends that listen on the port; where one listens on the very address, it is the only one."""
    found = [(proxy, bind) for proxy in table.frontends for bind in proxy.binds if bind.takes(request.port, request.to)]
    exact = [each for each in found if request.to is not None and each[1].host == request.to]
    seen: set[int] = set()
    for proxy, bind in exact or found:
        if id(proxy) not in seen:
            seen.add(id(proxy))
            yield proxy, bind


def _problem(request: Request, proxy: Proxy, bind: Bind) -> Outcome | None:
    """How a connection ends that speaks another protocol than the frontend."""
    if bind.tls and not request.tls:
        return Outcome(Kind.CLOSED, None, "it speaks TLS")
    if request.tls and not bind.tls and proxy.http:
        return Outcome(Kind.DENIED, 400, "it does not speak TLS")
    return None
