"""Whatever apps hold, in whatever order: the rules about values, health and vhosts say something or nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lbgen.lint.fix import mend
from lbgen.lint.registry import RULES
from lbgen.lint.rules import health, routing, values
from lbgen.lint.rules.names import server_name_repeated
from lbgen.marathon.labels import APP_LABELS, PORT_LABELS
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.finding import Finding

OURS = tuple(
    rule
    for rule in RULES
    if rule in (*values.RULES, *health.RULES, *routing.RULES) or rule.module is server_name_repeated
)
PIECES = [
    *(
        " ",
        ",",
        ":",
        "/",
        "//",
        ".",
        "*",
        "-",
        "_",
        "^",
        "$",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "?",
        "#",
        "%",
        "\\",
        '"',
        "'",
    ),
    *("\n", "\t", "\0", "\u200d", "\ud7ff", "é", "ß", "١", "²", "1", "0", "65536", "99999999999999999999"),
    *("https", "example", "com", "external", "internal", "true", "on", "roundrobin", "hdr", "uri depth", "hash "),
    *("$6$", "$apr1$", "realm:joe:", "2026-01-01T00:00:00", "Z", "+01:00", "+9999", "10.0.0.0/8", "::1", "-f", "-i"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join)
KEYS = (
    st.builds(
        "HAPROXY_{}_{}".format,
        st.sampled_from(["0", "1", "7", "{n}"]),
        st.sampled_from(PORT_LABELS).map(lambda it: it.name),
    )
    | st.sampled_from(sorted(APP_LABELS))
    | st.builds("haproxy_{}".format, TEXTS)
    | TEXTS
)
NUMBERS = st.none() | st.integers(-2, 3) | st.sampled_from([70000, 2**31, 10**40])
CHECKS = st.fixed_dictionaries(
    {},
    optional={
        "protocol": st.sampled_from(["HTTP", "HTTPS", "TCP", "COMMAND", "MESOS_HTTP", "http", ""]) | st.none(),
        "path": TEXTS | st.none(),
        **dict.fromkeys(("port", "portIndex", "timeoutSeconds", "intervalSeconds", "maxConsecutiveFailures"), NUMBERS),
    },
)
TASK = {"id": "t", "host": "10.0.0.1", "ports": [31000, 31001], "state": "TASK_RUNNING"}
MORE = st.fixed_dictionaries(
    {"labels": st.dictionaries(KEYS, TEXTS, max_size=6)},
    optional={
        "instances": st.integers(0, 3),
        "healthChecks": st.lists(CHECKS, max_size=3),
        "tasks": st.just([TASK]),
        "networks": st.lists(
            st.fixed_dictionaries({"mode": st.sampled_from(["host", "bridge", "container"])}), max_size=2
        ),
    },
)
FLEETS = st.lists(MORE, min_size=1, max_size=4).map(
    lambda apps: [
        {"id": f"/app-{index}", "portDefinitions": [{"port": 10001 + 2 * index}, {"port": 10002 + 2 * index}], **app}
        for index, app in enumerate(apps)
    ]
)
OPTIONS = st.builds(
    Options,
    groups=st.sampled_from([(), ("external",), ("*",)]),
    dialect=st.sampled_from(["portable", "marathon-lb"]),
    haproxy_map=st.booleans(),
)


def found(path: Path, fleet: list[dict[str, Any]], options: Options) -> list[Finding]:
    """What our rules, and no others, find in a fleet; their fixes are mended without mistakes."""
    path.write_text(json.dumps(fleet), encoding="utf-8")
    linted = lint([str(path)], options, rules=OURS)
    names = {rule.name for rule in OURS} | {"internal-error"}
    findings = [each for each in linted.findings if each.rule in names]
    assert mend(findings, linted.documents, unsafe=True).mistakes == []
    return findings


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(fleet=FLEETS, options=OPTIONS)
def test_no_rule_fails_whatever_apps_hold(tmp_path: Path, fleet: list[dict[str, Any]], options: Options) -> None:
    findings = found(tmp_path / "a.json", fleet, options)
    assert [each.message for each in findings if each.rule == "internal-error"] == []
    labels = {app["id"]: app["labels"] for app in fleet}
    for each in findings:
        origin = each.origin
        if origin is not None and origin.label is not None and origin.end is not None:
            assert 0 <= (origin.start or 0) <= origin.end <= len(labels[origin.app or ""][origin.label])


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(fleet=FLEETS, options=OPTIONS)
def test_the_order_of_apps_does_not_matter(tmp_path: Path, fleet: list[dict[str, Any]], options: Options) -> None:
    def said(apps: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        findings = found(tmp_path / "a.json", apps, options)
        return sorted((each.rule, str(each.app), str(each.label), each.message, each.severity) for each in findings)

    assert said(fleet) == said(fleet[::-1])
