"""What a user is told of each request: who served it, and which label sent it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.emulate.requests import as_request, failure
from lbgen.emulate.why import Why, why_of, why_rule
from lbgen.report.visible import visible
from lbgen.routing.answer import Kind
from lbgen.routing.state import state_of
from lbgen.routing.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.emulate.balancer import Balancer
    from lbgen.emulate.doors import Wall
    from lbgen.emulate.requests import Seen
    from lbgen.emulate.showing import Paper
    from lbgen.emulate.standins import StandIn
    from lbgen.routing.answer import Way

_ENDS = {
    "--": "connected",
    "CD": "hung up",
    "SD": "closed by the server",
    "sD": "closed",
    "SC": "nobody there",
    "PR": "refused",
    "cD": "went silent",
}


def told(
    it: Seen,
    balancer: Balancer,
    behind: Mapping[tuple[str, str], StandIn],
    walls: Mapping[int, Wall],
    paper: Paper,
) -> Iterator[str]:
    """A line for a request, and one for what sent it there; `behind` are the stand-ins by backend and server.

    Nothing for what goes on to another frontend of the same HAProxy, which tells of it itself.
    """
    if it.server is not None and (it.backend, it.server) not in behind and _is_inner(it, balancer):
        return
    standin = behind.get((it.backend or "", it.server or ""))
    why = _why(it, balancer, walls)
    what = _what(it, walls)
    who = _who(it, standin, why, balancer)
    status = it.status if it.http else _ENDS.get(it.status, f"ended {it.status}")
    first = paper.status(visible(status), it.status if it.http else "2")
    yield f"{first} {what} -> {who} {paper.dim(f'{it.milliseconds} ms')}"
    if why is not None:
        yield paper.dim(f"    {_reason(why, paper)}")


def _is_inner(it: Seen, balancer: Balancer) -> bool:
    backend = balancer.table.backends.get(it.backend or "")
    servers = backend.servers if backend is not None else ()
    return any(each.name == it.server and balancer.table.listening(each.address) is not None for each in servers)


def told_failure(line: str, balancer: Balancer, paper: Paper) -> Iterator[str]:
    """A line for a connection that came to no request, as for one in clear text where TLS is spoken."""
    found = failure(line)
    if found is not None:
        proxy = next((each for each in balancer.table.frontends if each.name == found.frontend), None)
        walls = dict.fromkeys(port for bind in (proxy.binds if proxy is not None else ()) for port in bind.ports[:1])
        where = ", ".join(map(str, walls)) or found.frontend
        yield f"{paper.status('no request', '')} on {visible(where)} -> HAProxy: {visible(found.said)}"


def _what(it: Seen, walls: Mapping[int, Wall]) -> str:
    wall = walls.get(it.port)
    port = str(wall.port if wall is not None else it.port)
    if not it.http:
        return visible(f"TCP :{port} for {it.sni}" if it.sni else f"TCP :{port}")
    if it.method == "?":
        return f"no HTTP on {port}"
    scheme = "https" if it.tls else "http"
    app_id = next((value for name, value in it.headers if name == "x-marathon-app-id"), "")
    more = f" for {app_id}" if app_id else ""
    host = it.host or it.sni or "?"
    return visible(f"{it.method} {scheme}://{host}{it.url}{more} on {port}")


def _who(it: Seen, standin: StandIn | None, why: Why | None, balancer: Balancer) -> str:
    if standin is not None:
        return f"{visible(standin.app)} task {standin.task} of {standin.of} ({visible(standin.backend)})"
    if it.backend is None:
        app = next((origin.app for origin in why.origins if origin.app), None) if why is not None else None
        return f"HAProxy for {visible(app)}" if app else "HAProxy"
    proxy = balancer.table.backends.get(it.backend)
    app = balancer.app_of(proxy.line) if proxy is not None else None
    return f"{visible(app)} ({visible(it.backend)})" if app else visible(it.backend)


def _reason(why: Why, paper: Paper) -> str:
    named = paper.places(why.origins) or visible(next((origin.app or "" for origin in why.origins), ""))
    return f"by {named}: {visible(why.rule)}" if named else visible(why.rule)


def _why(it: Seen, balancer: Balancer, walls: Mapping[int, Wall]) -> Why | None:
    """The rule that did it: the one that routing finds, where it comes to the same end as HAProxy."""
    request = as_request(it, walls)
    table = balancer.narrowing.of(request)
    frontend = next((each for each in table.frontends if each.name == it.frontend), None)
    if frontend is None:
        return None
    for way in Walk().ways(state_of(request, table, balancer.files, frontend, terminated=it.tls)):
        if _is_what_happened(way, it):
            return why_of(way, balancer, request) or Why(f"no rule of {it.frontend} takes it", ())
    return _by_backend(it, balancer)


def _is_what_happened(way: Way, it: Seen) -> bool:
    kind = way.outcome.kind
    if kind is Kind.SERVED:
        return way.outcome.backend is not None and way.outcome.backend.name == it.backend
    if kind is Kind.NOBODY and not it.http:
        return it.server is None
    return it.server is None and (str(way.outcome.status) == it.status if way.outcome.status else bool(way.decided))


def _by_backend(it: Seen, balancer: Balancer) -> Why | None:
    """The only rule of the frontend that leads to the backend, if there is one."""
    frontend = next((each for each in balancer.table.frontends if each.name == it.frontend), None)
    if frontend is None or it.backend is None:
        return None
    rules = [rule for rule in frontend.rules.get("use_backend", ()) if rule.words[:1] == (it.backend,)]
    rules += [rule for rule in (frontend.default_backend,) if rule is not None and rule.words[:1] == (it.backend,)]
    return why_rule(rules[0], balancer) if len(rules) == 1 else None
