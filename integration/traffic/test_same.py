"""Both dialects answer alike, and where they do not, a documented deviation says so, which lbgen has named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.traffic.client import Servers, ask, outcome
from integration.traffic.dialects import written
from integration.traffic.fleet import App, Fleet, Port
from integration.traffic.fleets import STUB_PORTS, comparable_fleets
from integration.traffic.promise import DEVIATIONS, explanations, promises
from integration.traffic.request import Request
from integration.traffic.requests import requests

if TYPE_CHECKING:
    from integration.traffic.client import Answer
    from integration.traffic.conftest import Both

FLEETS = comparable_fleets()
_STICKY = Port(number=10000, servers=tuple(STUB_PORTS[:3]), vhosts=("sticky.example.org",), sticky=True)
STICKY = Fleet("sticky", (App("/sticky", (_STICKY,)),))


@pytest.mark.parametrize("fleet", FLEETS, ids=str)
def test_both_dialects_keep_their_promises_and_differ_where_these_do(both: Both, fleet: Fleet) -> None:
    both.serve(fleet)
    servers = Servers(fleet, both.address)
    none, every = promises(fleet, ()), promises(fleet, DEVIATIONS)
    wrong = []
    for request in requests(fleet):
        old, new = (servers.general(ask(haproxy, request)) for haproxy in (both.old, both.new))
        promised = none.outcome(request), every.outcome(request)
        if (outcome(old), outcome(new)) != promised or (old == new) != (promised[0] == promised[1]):
            wrong.append((request, promised, old, new))
    assert wrong == []


def test_a_cookie_of_one_dialect_leads_to_the_same_server_in_the_other(both: Both) -> None:
    both.serve(STICKY)
    for _ in STICKY.apps[0].ports[0].servers:
        first = ask(both.old, Request(10000))
        cookie = first.header("set-cookie").partition(";")[0]
        again = [ask(haproxy, Request(10000, cookie=cookie)) for haproxy in (both.old, both.new) for _ in range(3)]
        assert {_server(answer) for answer in again} == {_server(first)}
        assert {answer.header("set-cookie") for answer in again} == {""}


def _server(answer: Answer) -> int:
    return int((answer.seen or {})["port"])


def test_http2_is_spoken_where_haproxy_offers_it(both: Both, haproxy_version: str) -> None:
    both.serve(STICKY)
    request = Request(443, "/", "sticky.example.org", tls=True, server_name="sticky.example.org", http2=True)
    spoken = [ask(haproxy, request).protocol for haproxy in (both.old, both.new)]
    assert spoken == (["HTTP/1.1"] * 2 if haproxy_version in {"2.2", "2.6"} else ["h2"] * 2)


@pytest.mark.parametrize("fleet", FLEETS, ids=str)
def test_every_difference_has_a_finding(fleet: Fleet) -> None:
    findings = written(fleet, "portable").findings
    explained = explanations(fleet, requests(fleet))
    assert [request for request, names in explained.items() if not names & findings] == []


def test_the_fleets_bring_out_every_deviation() -> None:
    explained = [names for fleet in FLEETS for names in explanations(fleet, requests(fleet)).values()]
    assert set().union(*explained) == DEVIATIONS
