"""Trying what there is to try, as a user would."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, NamedTuple

from lbgen.emulate.doors import LOOPBACK
from lbgen.routing.answer import Kind
from lbgen.testing.client import connect, request, trusting
from lbgen.testing.engine import Address

if TYPE_CHECKING:
    import ssl

    from lbgen.emulate.trying import Try

_MOST = 200
# A rule may wait some seconds for what a client of another kind would say.
_PATIENCE = 20


class Answered(NamedTuple):
    """What came back, in a line, and whether that is what was foretold."""

    line: str
    foretold: bool


def ask(one: Try, authority: bytes) -> Answered:
    """What answers."""
    try:
        return _over_http(one, authority) if one.http or one.tls else _over_tcp(one)
    except (OSError, http.client.HTTPException) as error:
        said = str(error) or type(error).__name__
        closed = one.kind in {Kind.CLOSED, Kind.UNKNOWN} or (one.kind is Kind.NOBODY and one.status is None)
        return Answered(f"no answer: {said:.200}", closed)


def _over_http(one: Try, authority: bytes) -> Answered:
    headers = {"Host": one.authority}
    headers |= {"X-Marathon-App-Id": one.asked.app_id} if one.asked.app_id else {}
    tls: ssl.SSLContext | bool = trusting(authority) if one.tls else False
    answer = request(
        Address(LOOPBACK, one.port),
        one.asked.path,
        headers=headers,
        tls=tls,
        server_name=one.asked.host or "localhost" if one.tls else None,
        timeout=_PATIENCE,
    )
    first = answer.text.partition("\n")[0] if answer.status == 200 else ""
    place = answer.headers.get("location", [""])[0]
    served = one.kind is Kind.SERVED or one.others
    line = f"{answer.status} {place or (first if served else '')}".strip()
    return Answered(line[:_MOST], _is_foretold(one, answer.status, first, place))


def _is_foretold(one: Try, status: int, first: str, place: str) -> bool:
    if any(status == 200 and f"(backend {backend}," in first for _, backend in one.others):
        return True
    if one.kind is Kind.SERVED:
        return status == 200 and f"(backend {one.backend}," in first
    if one.kind is Kind.REDIRECTED and one.detail and place != one.detail:
        return False
    return one.kind is Kind.UNKNOWN or one.status is None or one.status == status


def _over_tcp(one: Try) -> Answered:
    with connect(Address(LOOPBACK, one.port), timeout=_PATIENCE) as connection:
        line = connection.makefile("rb").readline().decode("utf-8", "replace").strip()
    backends = [one.backend, *(backend for _, backend in one.others)]
    foretold = any(f"(backend {backend}," in line for backend in backends) or one.kind is Kind.UNKNOWN
    return Answered(line[:_MOST] or "no answer", foretold if one.backend or one.others else not line)
