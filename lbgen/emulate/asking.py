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


class Answered(NamedTuple):
    """What came back, in a line, and whether that is what was foretold."""

    line: str
    foretold: bool


def ask(one: Try, port: int, authority: bytes) -> Answered:
    """What answers."""
    try:
        return _over_http(one, port, authority) if one.http or one.tls else _over_tcp(port)
    except (OSError, http.client.HTTPException) as error:
        said = str(error) or type(error).__name__
        return Answered(f"no answer: {said:.200}", one.kind in {Kind.CLOSED, Kind.UNKNOWN})


def _over_http(one: Try, port: int, authority: bytes) -> Answered:
    headers = {"Host": one.asked.host} if one.asked.host else {}
    headers |= {"X-Marathon-App-Id": one.asked.app_id} if one.asked.app_id else {}
    tls: ssl.SSLContext | bool = trusting(authority) if one.tls else False
    name = (one.asked.host or "localhost").replace("*.", "any.")
    answer = request(
        Address(LOOPBACK, port), one.asked.path, headers=headers, tls=tls, server_name=name if one.tls else None
    )
    place = answer.headers.get("location", [""])[0]
    first = answer.text.partition("\n")[0] if answer.status == 200 and one.kind is Kind.SERVED else place
    return Answered(f"{answer.status} {first:.{_MOST}}".strip(), _is_foretold(one, answer.status, first))


def _is_foretold(one: Try, status: int, first: str) -> bool:
    if one.kind is Kind.SERVED:
        return status == 200 and f"(backend {one.backend}," in first
    return one.kind is Kind.UNKNOWN or one.status is None or one.status == status


def _over_tcp(port: int) -> Answered:
    with connect(Address(LOOPBACK, port), timeout=5) as connection:
        line = connection.makefile("rb").readline().decode("utf-8", "replace").strip()
    return Answered(line[:_MOST] or "no answer", bool(line))
