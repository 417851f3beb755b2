"""Metrics as Prometheus reads them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from lbgen.live.metrics import Metrics
from lbgen.live.state import State, States
from lbgen.live.status import Telling
from tests.live.surroundings.states import KEPT, REFUSED, WAITING, state, telling

if TYPE_CHECKING:
    from lbgen.live.contract import Process


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {(each.name, *each.labels.values()): each.value for family in families for each in family.samples}


def test_the_picture_is_told() -> None:
    found = samples(Metrics(telling(events=3, checks=2, reloads=5, failed_reloads=1, runtime_updates=7, updates=9)))
    assert found["lbgen_apps",] == 43
    assert found["lbgen_apps_served",] == 41
    assert found["lbgen_events_total",] == 3
    assert found["lbgen_haproxy_checks_total",] == 2
    assert found["lbgen_reloads_total", "done"] == 5
    assert found["lbgen_reloads_total", "failed"] == 1
    assert found["lbgen_runtime_updates_total",] == 7
    assert found["lbgen_updates_total", "done"] == 9
    assert found["lbgen_haproxy_processes", "current"] == 1
    assert found["lbgen_haproxy_processes", "old"] == 1
    assert (found["lbgen_healthy",], found["lbgen_serving",]) == (1, 1)
    assert 5 <= found["lbgen_data_age_seconds",] < 60
    assert abs(found["lbgen_last_success_timestamp_seconds",] - (time.time() - 3)) < 60


def test_apps_are_counted_by_why_and_by_what_is_served_instead() -> None:
    found = samples(Metrics(telling(left_out=(REFUSED, REFUSED, KEPT, WAITING))))
    counts = {key: value for key, value in found.items() if key[0] == "lbgen_apps_left_out"}
    assert sorted((key[2], value) for key, value in counts.items()) == [("last", 1), ("nothing", 1), ("nothing", 2)]
    assert ("lbgen_apps_left_out", "none", "nothing") in counts
    assert found["lbgen_healthy",] == 0


def test_what_never_happened_is_not_told() -> None:
    found = samples(Metrics(telling(data_at=None, updated=None)))
    assert ("lbgen_data_age_seconds",) not in found
    assert ("lbgen_last_success_timestamp_seconds",) not in found


def test_stages_are_a_histogram_that_the_loop_fills() -> None:
    metrics = Metrics(telling())
    states = States(State(started=0.0))
    states.observers.append(metrics.observe_stage)
    states.took("fetch", 0.02)
    states.took("fetch", 2.0)
    found = samples(metrics)
    assert found["lbgen_stage_seconds_count", "fetch"] == 2
    assert found["lbgen_stage_seconds_sum", "fetch"] == 2.02
    assert found["lbgen_stage_seconds_bucket", "0.01", "fetch"] == 0
    assert found["lbgen_stage_seconds_bucket", "0.03", "fetch"] == 1
    assert found["lbgen_stage_seconds_bucket", "+Inf", "fetch"] == 2


def test_an_answer_that_is_not_used_is_told() -> None:
    assert samples(Metrics(telling()))["lbgen_apps_shrunk",] == 0
    found = samples(Metrics(telling(apps_shrunk="half of the apps are gone")))
    assert (found["lbgen_apps_shrunk",], found["lbgen_healthy",]) == (1, 0)


def test_a_master_that_does_not_answer_is_no_reason_to_tell_nothing() -> None:
    def gone() -> list[Process]:
        raise ConnectionRefusedError

    found = samples(Metrics(Telling(state=state, processes=gone)))
    assert (found["lbgen_haproxy_processes", "current"], found["lbgen_apps",]) == (0, 43)


def test_names_of_metrics_are_as_prometheus_wants_them() -> None:
    text = Metrics(telling(left_out=(REFUSED,))).text().decode()
    for family in text_string_to_metric_families(text):
        assert family.documentation.endswith(".")
        assert not family.name.endswith(("_total", "_count", "_sum", "_bucket"))
        for each in family.samples:
            assert each.name.endswith("_total") == (family.type == "counter")
            assert not {"le", "quantile"} & each.labels.keys() or family.type == "histogram"
