"""Same bytes for any order of the input, whatever the apps hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lbgen.marathon.deployment import GROUP
from tests.fleets import generate
from tests.properties import examples
from tests.properties.hostile import ORDINARY, hostile

if TYPE_CHECKING:
    from random import Random


def depends_on_the_order(app: dict[str, Any]) -> bool:
    """Whether Marathon-LB goes by the order of the list: colours of a deployment, and ports that nobody declared."""
    modes = [network.get("mode", "container") for network in app.get("networks", [])]
    return GROUP in app["labels"] or "container" in modes[-1:]


@pytest.mark.parametrize("dialect", ["marathon-lb", "portable"])
@examples(25)
@given(evil=st.lists(hostile(), max_size=3), random=st.randoms(use_true_random=False), haproxy_map=st.booleans())
def test_the_order_of_apps_does_not_matter(
    dialect: str, evil: list[dict[str, Any]], random: Random, haproxy_map: bool
) -> None:
    assume(not any(depends_on_the_order(app) for app in evil))
    fleet = [*ORDINARY, *evil]
    first = generate(*fleet, dialect=dialect, haproxy_map=haproxy_map).rendered
    second = generate(*random.sample(fleet, len(fleet)), dialect=dialect, haproxy_map=haproxy_map).rendered
    assert first is not None
    assert second is not None
    assert first.text == second.text
    assert first.maps == second.maps
