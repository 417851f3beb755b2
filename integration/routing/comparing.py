"""The same request, put to lbgen and to HAProxy, and both answers in the same words."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from integration.traffic.client import ask
from lbgen.haproxy.parse import parse
from lbgen.routing.answer import Kind
from lbgen.routing.request import Request as Asked
from lbgen.routing.route import route
from lbgen.routing.table import table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from integration.traffic.client import Answer
    from integration.traffic.request import Request
    from lbgen.routing.answer import Outcome
    from lbgen.testing import Haproxy

CLIENT = ip_address("172.31.255.254")
"""Some client of this machine: the networks of the tests hold all of these, or none."""


class Done(NamedTuple):
    """What becomes of a request; `ports` are those of the servers that may have it, `target` and `host` what they get.

    `detail` is the place of a redirect, or a realm.
    """

    kind: str
    status: int | None = None
    detail: str | None = None
    ports: frozenset[int] = frozenset()
    target: str | None = None
    host: str | None = None


class Differs(NamedTuple):
    """A request of which lbgen says something else than HAProxy does."""

    request: Request
    said: list[Done]
    done: Done


def differences(
    haproxy: Haproxy,
    text: str,
    requests: Sequence[Request],
    *,
    maps: Mapping[str, str] | None = None,
    valid: Collection[str] = (),
) -> list[Differs]:
    """The requests of which lbgen says something else; `valid` are the credentials whose password is right."""
    table = table_of(parse(text))
    found = []
    for request in requests:
        answer = route(asked(request, valid), table, maps)
        said = [_said(way.outcome) for door in answer.doors or answer.misfits for way in door.ways]
        done = _done(ask(haproxy, request))
        certain = all(len(door.ways) == 1 for door in answer.doors)
        if not certain or not any(_agree(each, done) for each in said or [Done(Kind.CLOSED)]):
            found.append(Differs(request, said, done))
    return found


def asked(request: Request, valid: Collection[str]) -> Asked:
    """The request as lbgen is asked about it; of `valid` credentials the password is right, a wrong one is none."""
    given = {name: value for name, value in request.headers().items() if name != "authorization"}
    user = request.credentials.partition(":")[0] if request.credentials in valid else None
    return Asked(
        port=request.port,
        target=request.path,
        headers=(("host", request.host), *given.items()),
        tls=request.tls,
        sni=request.server_name or "",
        client=CLIENT,
        user=user,
    )


def _said(outcome: Outcome) -> Done:
    if outcome.kind is Kind.NOBODY and outcome.status is None:
        return Done(Kind.CLOSED)
    ports = frozenset(int(server.address.rpartition(":")[2]) for server in outcome.servers)
    return Done(outcome.kind, outcome.status, outcome.detail, ports, outcome.target, outcome.host)


_KINDS = {400: Kind.DENIED, 401: Kind.LOGIN, 403: Kind.DENIED, 429: Kind.DENIED, 503: Kind.NOBODY}


def _done(answer: Answer) -> Done:
    if not answer.protocol:
        return Done(Kind.CLOSED)
    seen = answer.seen
    if seen is not None:
        target = seen["path"] + (f"?{seen['query']}" if seen["query"] else "")
        return Done(
            Kind.SERVED, None, None, frozenset({int(seen["port"])}), target, seen["headers"].get("host", [""])[0]
        )
    if place := answer.header("location"):
        return Done(Kind.REDIRECTED, answer.status, place)
    realm = answer.header("www-authenticate").removeprefix('Basic realm="').rstrip('"')
    return Done(_KINDS.get(answer.status, Kind.ANSWERED), answer.status, realm or None)


def _agree(said: Done, done: Done) -> bool:
    if said.kind != done.kind:
        return False
    if said.kind == Kind.SERVED:
        # The stub does not tell an empty query from none, nor an empty Host.
        target = (said.target or "").removesuffix("?")
        return done.ports <= said.ports and (target, said.host or "") == (done.target, done.host)
    if said.kind in {Kind.REDIRECTED, Kind.LOGIN}:
        return said[1:3] == done[1:3]
    return said.status in {done.status, None}
