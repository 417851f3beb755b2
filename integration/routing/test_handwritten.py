"""A hand-written haproxy.cfg: lbgen knows what becomes of each request."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

from integration.routing.comparing import asked, differences
from integration.routing.handwritten import FILES, LOGINS, configuration, doors, requests, requests_of_doors
from integration.traffic.client import ask
from integration.traffic.request import Request
from lbgen.haproxy.parse import parse
from lbgen.routing.route import route
from lbgen.routing.table import table_of

if TYPE_CHECKING:
    from integration.routing.conftest import Balancer

MOST = 5000 if os.environ.get("LBGEN_LONG") else 900


def test_lbgen_knows_what_becomes_of_a_request(balancer: Balancer) -> None:
    text = configuration(balancer.address)
    balancer.haproxy.reload(text, files={path: content.encode() for path, content in FILES.items()})
    possible = requests()
    chosen = Random("routing").sample(possible, min(MOST, len(possible)))
    assert differences(balancer.haproxy, text, chosen, maps=FILES, valid=LOGINS) == []


def test_the_requests_bring_out_every_rule() -> None:
    table = table_of(parse(configuration("192.0.2.1")))
    proxies = {id(proxy): proxy for proxy in (*table.frontends, *table.backends.values())}.values()
    rules = {str(rule) for proxy in proxies for found in proxy.rules.values() for rule in found}
    matching = {
        str(step.rule)
        for request in requests()
        for door in route(asked(request, LOGINS), table, FILES).doors
        for step in door.looked_at
        if step.verdict.truth
    }
    assert rules - matching == set()


def test_lbgen_knows_which_door_a_request_goes_through(balancer: Balancer) -> None:
    text = doors(balancer.address)
    balancer.haproxy.reload(text)
    assert differences(balancer.haproxy, text, requests_of_doors()) == []
    many = [Request(8080, "/", f"{number}.test") for number in range(60)]
    answers = {ask(balancer.haproxy, request).status for request in many}
    assert answers == {200, 410}
