"""Whatever labels hold: nothing breaks, everything at fault is named, and what is made is a pool that renders."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lbgen.edgelb.auto_labels import GROUP_LABELS, TASK_LABELS
from lbgen.finding import Severity
from lbgen.haproxy.parse import parse
from lbgen.marathon.labels import PORT_LABELS, TEMPLATE_LABELS
from lbgen.pipeline.auto_pools import LabelledInputs, from_labels
from lbgen.pipeline.auto_tasks import pool_inputs
from lbgen.pipeline.inputs import from_values
from lbgen.pipeline.pools import PoolOptions, from_pool
from tests.edgelb.converting import converted

GROUPS = ["web", "a-b", "__default__", "expose", "x y", "é", ""]
# Parts of values that mean something to somebody, beside those that mean nothing to anybody.
PIECES = [
    *("hostEq", "hostReg", "pathBeg", "pathEnd", "host", "type", "ADDRESS", "port", "portName", "address", "check"),
    *("HTTP", "HTTPS", "TCP", "TLS", "true", "80", "443", "0", "70000", "$AUTOCERT", "team/cert", "a.org", "/x", "/"),
    *(":", "|", ",", ";", " ", "\n", '"', "'", "\\", "{", "}", "#", "$HOME", "%[src]", "-f", "cookie x", "server", "é"),
]
texts = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
keys = st.one_of(
    st.sampled_from(sorted(TASK_LABELS)),
    st.builds("{}.{}".format, st.sampled_from(GROUPS), st.sampled_from(sorted(GROUP_LABELS))),
    texts,
)
labels = st.dictionaries(keys.map("edgelb.{}".format), texts, max_size=6)
ports = st.lists(st.sampled_from(["http", "admin", "", 'a"b', "\n"]).map(lambda name: {"name": name}), max_size=2)


@given(st.lists(st.tuples(labels, ports), min_size=1, max_size=3))
def test_any_labels_make_a_pool_or_a_finding(fleet: list[tuple[dict[str, str], Any]]) -> None:
    apps = [
        {"id": f"/app{index}", "labels": {"edgelb.expose": "true"} | own, "portDefinitions": defined}
        for index, (own, defined) in enumerate(fleet)
    ]
    labelled = LabelledInputs(from_values("apps.json", apps))
    made = from_labels(labelled)

    assert bool(made.left_out) <= any(finding.severity is Severity.ERROR for finding in made.findings)
    assert all(finding.origin is not None for finding in made.findings)
    inputs = pool_inputs(labelled, made, ())
    assert len(inputs.pools) == len(made.pools)
    for pool in inputs.pools:
        result = from_pool(pool, inputs.tasks, PoolOptions())
        assert result.rendered is not None
        sections = [section.name for section in parse(result.rendered.text, "x").sections]
        backends = [backend.name for backend in pool.backends]
        assert [name for name in sections if name in backends] == backends


marathon_labels = st.dictionaries(
    st.builds(
        "HAPROXY_{}_{}".format,
        st.integers(0, 1),
        st.sampled_from([*(label.name for label in PORT_LABELS), *sorted(TEMPLATE_LABELS)]),
    ),
    st.one_of(texts, st.sampled_from(["http", "tcp", "true", "/x", "a.org,b.org", "10001", "10.0.0.0/8", "r:u:p"])),
    max_size=6,
)


@given(
    st.lists(st.tuples(marathon_labels, st.integers(0, 2)), min_size=1, max_size=3),
    st.sampled_from(["labels", "pool"]),
    st.booleans(),
)
def test_any_labels_of_marathon_lb_go_over_or_are_named(
    fleet: list[tuple[dict[str, str], int]], to: str, lossy: bool
) -> None:
    apps = [
        {
            "id": f"/app{index}",
            "labels": {"HAPROXY_GROUP": "external"} | own,
            "portDefinitions": [{"port": 10000 + 2 * index + port, "name": f"p{port}"} for port in range(count)],
        }
        for index, (own, count) in enumerate(fleet)
    ]
    made = converted(*apps, to=to, lossy=lossy, groups=("*",))

    assert bool(made.left_out) <= any(finding.severity is Severity.ERROR for finding in made.findings)
    for each, value in ((each, value) for each in made.apps for value in apps if value["id"] == each.app.id):
        value["labels"] = dict(each.labels)
    if to == "labels" and made.apps:
        served = [value for value in apps if "edgelb.expose" in value["labels"]]
        again = from_labels(LabelledInputs(from_values("apps.json", served)))
        assert [finding for finding in again.findings if finding.severity is Severity.ERROR] == []
