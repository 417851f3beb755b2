"""When a HAProxy that is not well is waited for, ended, or started again."""

from __future__ import annotations

import pytest

from lbgen.server.instances.watching import Deed, Patience, Watch, patience
from lbgen.server.rendering import load
from lbgen.server.store import StoredPool
from tests.server.documents import pool


@pytest.fixture
def watch() -> Watch:
    made = Watch()
    made.patience = Patience(grace=100, interval=10, failures=3)
    made.begin(0)
    return made


def test_who_is_well_is_left_alone(watch: Watch) -> None:
    assert all(watch.deed(now, alive=True, there=True) is Deed.NOTHING for now in range(1000))


def test_who_ends_is_started_at_once_and_then_ever_more_rarely(watch: Watch) -> None:
    started = [now for now in range(100) if watch.deed(now, alive=False, there=False) is Deed.START]
    assert started == [0, 1, 3, 7, 15, 31, 63]


def test_who_was_well_for_long_is_started_at_once_again(watch: Watch) -> None:
    for now in range(10):
        watch.deed(now, alive=False, there=False)
    watch.deed(200, alive=True, there=True)
    assert [watch.deed(now, alive=False, there=False) is Deed.START for now in (201, 202)] == [True, True]


def test_who_hangs_is_ended_behind_the_grace_and_so_many_failures(watch: Watch) -> None:
    ended = [now for now in range(0, 131, 5) if watch.deed(now, alive=False, there=True) is Deed.END]
    assert ended[0] == 100
    watch.deed(140, alive=True, there=True)
    ended = [now for now in range(150, 180, 5) if watch.deed(now, alive=False, there=True) is Deed.END]
    assert ended[0] == 170


def test_what_is_not_meant_to_run_is_not_watched(watch: Watch) -> None:
    watch.stop()
    assert not watch.begun


def test_the_pool_says_how_patient_to_be() -> None:
    def of(**members: int) -> Patience:
        return patience(load(StoredPool("web", "V2", pool("web", **members), 1)).pools[0])

    assert of() == Patience(180, 12, 5)
    assert of(poolHealthcheckGracePeriod=7, poolHealthcheckInterval=3, poolHealthcheckMaxFail=2) == Patience(7, 3, 2)
