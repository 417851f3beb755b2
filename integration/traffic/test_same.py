"""Both dialects answer alike, and where they do not, a documented deviation says so, which lbgen has named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integration.traffic.client import Servers, ask, outcome
from integration.traffic.dialects import written
from integration.traffic.fleets import comparable_fleets
from integration.traffic.promise import DEVIATIONS, explanations, promises
from integration.traffic.requests import requests

if TYPE_CHECKING:
    from integration.traffic.conftest import Both
    from integration.traffic.fleet import Fleet

FLEETS = comparable_fleets()


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


@pytest.mark.parametrize("fleet", FLEETS, ids=str)
def test_every_difference_has_a_finding(fleet: Fleet) -> None:
    findings = written(fleet, "portable").findings
    explained = explanations(fleet, requests(fleet))
    assert [request for request, names in explained.items() if not names & findings] == []


def test_the_fleets_bring_out_every_deviation() -> None:
    explained = [names for fleet in FLEETS for names in explanations(fleet, requests(fleet)).values()]
    assert set().union(*explained) == DEVIATIONS
