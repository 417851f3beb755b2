"""Metrics for Prometheus: what the picture of the loop holds, and how long the parts of updates take."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from lbgen.live.status import code, processes_of, serving, wrongs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

    from lbgen.live.state import State
    from lbgen.live.status import Telling

# Who wants to know when a histogram began?
disable_created_metrics()  # type: ignore[no-untyped-call]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_COUNTERS = (
    ("lbgen_events", "Events of Marathon that were heard.", "events"),
    ("lbgen_haproxy_checks", "Runs of haproxy -c.", "checks"),
    ("lbgen_runtime_updates", "Changes that went through the runtime API, without a reload.", "runtime_updates"),
    ("lbgen_runtime_commands", "Commands that were sent to the runtime API.", "runtime_commands"),
    ("lbgen_drifts", "Times that HAProxy was found to differ from its file, and was put right.", "drifts"),
    ("lbgen_haproxy_restarts", "Times that HAProxy was gone and started again.", "restarts"),
    ("lbgen_config_writes", "Times that the configuration was written.", "writes"),
)
_GAUGES = (
    ("lbgen_apps", "Apps that Marathon has.", "apps"),
    ("lbgen_apps_served", "Apps that are served.", "served"),
    ("lbgen_backends", "Backends of the configuration.", "backends"),
    ("lbgen_servers", "Servers of the configuration.", "servers"),
)


class Metrics:
    """All metrics of one load balancer; `text` is what Prometheus reads."""

    def __init__(self, telling: Telling) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Collector(telling))
        self._stages = Histogram(
            "lbgen_stage_seconds",
            "How long the parts of an update take.",
            ["stage"],
            registry=self._registry,
            buckets=_BUCKETS,
        )

    def observe_stage(self, name: str, seconds: float) -> None:
        """Notes how long a stage took."""
        self._stages.labels(stage=name).observe(max(0.0, seconds))

    def text(self) -> bytes:
        """All metrics in Prometheus' text format."""
        return generate_latest(self._registry)


class _Collector:
    """Makes metrics of the picture when they are asked for."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling

    def describe(self) -> list[Metric]:
        """Nothing: what there is depends on the picture."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The metrics now."""
        state = self._telling.state()
        now = time.monotonic()
        for name, text, field in _COUNTERS:
            yield CounterMetricFamily(name, text, value=getattr(state, field))
        for name, text, field in _GAUGES:
            yield GaugeMetricFamily(name, text, value=getattr(state, field))
        yield from _results(state)
        yield from _times(state, now)
        yield _left_out(state)
        yield GaugeMetricFamily("lbgen_serving", "Whether HAProxy serves a configuration.", value=serving(state))
        healthy = not any(wrongs(state, now, self._telling.stale_after))
        yield GaugeMetricFamily("lbgen_healthy", "Whether everything is as it should be.", value=healthy)
        yield GaugeMetricFamily(
            "lbgen_apps_shrunk",
            "Whether a new answer of Marathon is not used for doubts.",
            value=bool(state.apps_shrunk),
        )
        processes = GaugeMetricFamily("lbgen_haproxy_processes", "Workers of HAProxy.", labels=["kind"])
        reloads = [each.reloads for each in processes_of(self._telling)]
        processes.add_metric(["current"], reloads.count(0))
        processes.add_metric(["old"], len(reloads) - reloads.count(0))
        yield processes


def _results(state: State) -> Iterator[Metric]:
    updates = CounterMetricFamily("lbgen_updates", "Updates, by what came of them.", labels=["result"])
    updates.add_metric(["done"], state.updates)
    updates.add_metric(["failed"], state.failures)
    yield updates
    reloads = CounterMetricFamily("lbgen_reloads", "Reloads of HAProxy, by what came of them.", labels=["result"])
    reloads.add_metric(["done"], state.reloads)
    reloads.add_metric(["failed"], state.failed_reloads)
    yield reloads


def _times(state: State, now: float) -> Iterator[Metric]:
    """Ages and points in time, those that there are."""
    if state.data_at is not None:
        text = "Seconds since Marathon last told all that is served."
        yield GaugeMetricFamily("lbgen_data_age_seconds", text, value=max(0.0, now - state.data_at))
    if state.updated is not None:
        text = "When an update last went well, whether it changed something or not."
        at = time.time() - (now - state.updated)
        yield GaugeMetricFamily("lbgen_last_success_timestamp_seconds", text, value=at)


def _left_out(state: State) -> Metric:
    """How many apps are not served as they are now, by the code of the reason and by what is served in their place."""
    family = GaugeMetricFamily(
        "lbgen_apps_left_out", "Apps that are not served as they are now.", labels=["code", "served"]
    )
    counts = Counter((code(each) or "none", "last" if each.kept else "nothing") for each in state.left_out)
    for labels, number in sorted(counts.items()):
        family.add_metric(labels, number)
    return family
