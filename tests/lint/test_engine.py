"""Findings of many rules and configurations become those that somebody wants to read."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from lbgen.finding import ConfigLine, Finding, Severity
from lbgen.lint import engine
from lbgen.lint.registry import BY_NAME
from lbgen.lint.rule import Problem
from lbgen.origin import Origin
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = Origin("a.json", "/labels/HAPROXY_0_VHOST", "/a")


def finding(**more: Any) -> Finding:
    return Finding(**{"rule": "some-rule", "severity": Severity.WARNING, "message": "is odd", "origin": HERE, **more})


class TestOnce:
    def test_two_configurations_of_one_label_are_one_finding(self) -> None:
        first, second = (finding(config=ConfigLine("haproxy.cfg", line, "backend a", "x")) for line in (7, 9))
        assert engine.once([first, second]) == [first]

    def test_the_worst_stays(self) -> None:
        worse = finding(severity=Severity.ERROR)
        assert engine.once([finding(), worse, finding()]) == [worse]

    def test_other_places_rules_and_messages_are_others(self) -> None:
        others = [finding(), finding(rule="other"), finding(message="is bad"), finding(origin=HERE.narrowed(0, 1))]
        assert engine.once(others) == others

    def test_lines_of_nobodys_are_told_apart_by_the_lines(self) -> None:
        lines = [finding(origin=None, config=ConfigLine("haproxy.cfg", line, "global", "x")) for line in (7, 9)]
        assert engine.once([*lines, lines[0]]) == lines


def test_an_app_of_two_groups_is_told_of_once(tmp_path: Path) -> None:
    labels = {"HAPROXY_GROUP": "external,internal", "HAPROXY_0_MODE": "http"}
    labels["HAPROXY_0_BACKEND_HTTP_OPTIONS"] = "  timeout client 5s\n"
    app = {"id": "/a", "labels": labels, "portDefinitions": [{"port": 10001}]}
    (tmp_path / "a.json").write_text(json.dumps(app))
    found = lint([str(tmp_path / "a.json")], Options(groups=())).findings
    assert [each.label for each in found if each.rule == "directive-wrong-section"] == [
        "HAPROXY_0_BACKEND_HTTP_OPTIONS"
    ]


def test_a_rule_that_fails_is_a_finding_and_the_others_go_on(tmp_path: Path) -> None:
    def check(_: Any) -> Iterator[Problem]:
        yield Problem("is told before the rule fails")
        raise ZeroDivisionError("of no consequence")

    failing = replace(BY_NAME["label-unknown"], module=SimpleNamespace(check=check))  # type: ignore[arg-type]
    labels = {"HAPROXY_GROUP": "external", "HAPROXY_0_STICKY": "1"}
    app = {"id": "/a", "labels": labels, "portDefinitions": [{"port": 10001}]}
    (tmp_path / "a.json").write_text(json.dumps(app))
    found = lint(
        [str(tmp_path / "a.json")], Options(groups=()), rules=(failing, BY_NAME["label-bool-unknown"])
    ).findings
    assert [each.rule for each in found if each.severity > Severity.INFO] == [
        "label-unknown",
        "internal-error",
        "label-bool-unknown",
    ]
    (failed,) = (each for each in found if each.rule == "internal-error")
    assert (failed.app, failed.severity) == ("/a", Severity.ERROR)
    assert "label-unknown fail" in failed.message
    assert "ZeroDivisionError: of no consequence" in failed.message
