"""Edge-LB pools: lbgen knows what becomes of each request."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import pytest

from integration.routing.comparing import differences
from integration.routing.pools import configuration, requests

if TYPE_CHECKING:
    from integration.routing.conftest import Balancer

POOLS = 100 if os.environ.get("LBGEN_LONG") else 8
MOST = 90 if os.environ.get("LBGEN_LONG") else 40


@pytest.mark.parametrize("seed", range(1, POOLS + 1))
def test_lbgen_knows_what_becomes_of_a_request(balancer: Balancer, seed: int) -> None:
    text = configuration(seed, balancer.address, "host" if seed % 3 == 0 else "sni")
    balancer.haproxy.reload(text)
    asked = Random(seed).sample(requests(), MOST)
    assert differences(balancer.haproxy, text, asked) == []
