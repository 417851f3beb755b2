"""Every deviation that docs/deviations.md lists, seen in what a client gets."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from integration.traffic import test_rewriting
from integration.traffic.client import Servers, ask, outcome
from integration.traffic.dialects import startable, written
from integration.traffic.fleet import Fleet
from integration.traffic.scenarios import CHECKED, GOOD, LEFT_OUT, PUT_RIGHT, SCENARIOS
from lbgen import check

if TYPE_CHECKING:
    from integration.traffic.conftest import Both
    from integration.traffic.request import Outcome, Request
    from integration.traffic.scenarios import Refused, Scenario

PAGE = Path(__file__).parents[2] / "docs" / "deviations.md"


def outcomes(both: Both, fleet: Fleet, request: Request) -> tuple[Outcome, Outcome]:
    """What becomes of the request with Marathon-LB's text, and with the portable one."""
    servers = Servers(fleet, both.address)
    old, new = (outcome(servers.general(ask(haproxy, request))) for haproxy in (both.old, both.new))
    return old, new


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_both_answer_as_the_page_says(both: Both, scenario: Scenario) -> None:
    findings = both.serve(scenario.fleet)
    got = [(row, outcomes(both, scenario.fleet, row.request)) for row in scenario.rows]
    assert [each for each in got if each[1] != (each[0].old, each[0].new)] == []
    assert {row.finding for row in scenario.rows} <= findings


def test_a_check_over_tls_finds_a_server_that_marathon_lb_takes_for_dead(both: Both) -> None:
    (row,) = CHECKED.rows
    assert row.finding in both.serve(CHECKED.fleet)
    # Marathon-LB's check needs its time to fail; the other one began to check at the same time.
    deadline = time.monotonic() + 60
    while (got := outcomes(both, CHECKED.fleet, row.request)) != (row.old, row.new) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert got == (row.old, row.new)


@pytest.mark.parametrize("refused", [*LEFT_OUT, *PUT_RIGHT], ids=str)
def test_haproxy_refuses_what_marathon_lb_writes(haproxy_images: dict[str, str], refused: Refused) -> None:
    made = written(_with_good(refused), "marathon-lb")
    assert made.left_out == 0
    verdict = check.check(startable(made.text), how="container", image=next(iter(haproxy_images.values())))
    assert not verdict.accepted


@pytest.mark.parametrize("refused", [*LEFT_OUT, *PUT_RIGHT], ids=str)
def test_the_app_at_fault_is_named(refused: Refused) -> None:
    made = written(_with_good(refused), "portable")
    assert refused.finding in made.findings
    assert made.left_out == (refused in LEFT_OUT)
    assert "\nbackend good_one_10000\n" in made.text


@pytest.mark.parametrize("refused", PUT_RIGHT, ids=str)
def test_haproxy_accepts_what_was_put_right(haproxy_image: str, refused: Refused) -> None:
    made = written(_with_good(refused), "portable")
    verdict = check.check(made.text, how="container", image=haproxy_image, diagnostics=True)
    assert verdict.accepted, verdict.messages


def _with_good(refused: Refused) -> Fleet:
    return Fleet(refused.finding, (GOOD, refused.app))


def test_nothing_on_the_page_is_forgotten_here() -> None:
    shown = {row.finding for scenario in (*SCENARIOS, CHECKED) for row in scenario.rows}
    shown |= {refused.finding for refused in (*LEFT_OUT, *PUT_RIGHT)} | test_rewriting.FINDINGS
    assert shown == set(re.findall(r"`\[([a-z0-9-]+)\]`", PAGE.read_text()))
