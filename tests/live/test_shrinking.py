"""Much less than before has to be confirmed; small fleets are small."""

from __future__ import annotations

import pytest

from lbgen.live.shrinking import CONFIRM, CONFIRM_NOTHING, Shrinking, Size
from lbgen.pipeline.generate import Generated, from_apps
from lbgen.pipeline.options import Options
from tests.live.cluster import app, fleet


def generated(backends: int, servers: int = 1) -> Generated:
    from lbgen.pipeline.inputs import Inputs

    apps = fleet(*(app(f"a{n}", port=10000 + n, tasks=servers) for n in range(backends))).values()
    return from_apps(Inputs([each.app for each in apps if each.app]), Options(), may_be_empty=True)


@pytest.mark.parametrize(
    ("before", "now", "doubtful"),
    [
        ((10, 10), (10, 1), False),
        ((10, 10), (5, 1), False),
        ((10, 10), (4, 1), True),
        ((10, 10), (0, 1), True),
        ((2, 2), (1, 1), False),
        ((1, 1), (0, 1), True),
        ((2, 10), (2, 2), True),
        ((2, 10), (2, 3), False),
        ((0, 0), (0, 1), False),
    ],
)
def test_more_than_half_may_not_go_at_once(before: tuple[int, int], now: tuple[int, int], doubtful: bool) -> None:
    assert bool(Shrinking(0.5, Size(*before)).doubt(generated(*now))) is doubtful


def test_nothing_is_doubted_where_nothing_is_known_and_where_it_was_confirmed() -> None:
    assert not Shrinking(0.5).doubt(generated(0))
    assert not Shrinking(0.5, Size(9, 9), confirmed=True).doubt(generated(0))


def test_nothing_at_all_is_waited_for_longer() -> None:
    shrinking = Shrinking(0.5, Size(9, 9))
    assert "9 are served" in shrinking.doubt(generated(1))
    assert shrinking.wait == CONFIRM
    assert shrinking.doubt(generated(0))
    assert shrinking.wait == CONFIRM_NOTHING


def test_what_is_served_is_what_the_next_is_compared_with() -> None:
    shrinking = Shrinking(0.5, Size(9, 9), confirmed=True)
    shrinking.served(generated(1))
    assert (shrinking.before, shrinking.confirmed) == (Size(1, 1), False)


def test_who_says_even_less_the_second_time_has_not_confirmed_it() -> None:
    shrinking = Shrinking(0.5, Size(9, 9))
    assert shrinking.doubt(generated(4))
    shrinking.confirmed = True
    assert shrinking.doubt(generated(0))
    assert shrinking.wait == CONFIRM_NOTHING
    assert not shrinking.doubt(generated(0))
    assert not shrinking.doubt(generated(4))
