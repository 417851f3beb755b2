"""Fleets of Marathon apps, in both dialects: lbgen knows what becomes of each request."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from integration.routing.comparing import differences
from integration.traffic.dialects import startable, written
from integration.traffic.fleet import AMBER, BLUE, CORAL
from integration.traffic.fleets import comparable_fleets
from integration.traffic.requests import requests

if TYPE_CHECKING:
    from integration.routing.conftest import Balancer
    from integration.traffic.fleet import Fleet

MOST = 150 if os.environ.get("LBGEN_LONG") else 40
LOGINS = (AMBER, BLUE, CORAL)


@pytest.mark.parametrize("dialect", ["portable", "marathon-lb"])
@pytest.mark.parametrize("fleet", comparable_fleets(), ids=str)
def test_lbgen_knows_what_becomes_of_a_request(balancer: Balancer, fleet: Fleet, dialect: str) -> None:
    made = written(fleet, dialect, balancer.address)
    text = startable(made.text) if dialect == "marathon-lb" else made.text
    balancer.haproxy.reload(text, files=made.maps)
    maps = {path: content.decode() for path, content in made.maps.items()}
    valid = {login.credentials for login in LOGINS}
    assert differences(balancer.haproxy, text, requests(fleet, MOST), maps=maps, valid=valid) == []
