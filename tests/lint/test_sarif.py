"""What lint finds in all fixtures together, in the formats of programs: valid, whole, the same every time."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema  # type: ignore[import-untyped]
import pytest

from lbgen.lint.pages import pages
from lbgen.pipeline.linting import lint
from lbgen.pipeline.options import Options
from lbgen.report import write
from tests.console import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

FIXTURES = Path(__file__).parent / "fixtures"
SCHEMA = json.loads((ROOT / "tests" / "report" / "sarif" / "sarif-2.1.0-rtm.5.json").read_text())


@pytest.fixture(scope="module")
def report() -> Callable[[str], str]:
    """A function that writes what is found in a format."""
    found = lint([str(FIXTURES)], Options(groups=()))
    assert len(found.findings) > 500

    def written(format: str) -> str:
        stream = StringIO()
        names = [*(each.rule for each in found.findings), *(each.finding.rule for each in found.suppressed)]
        write(
            found.findings[::-1],
            found.documents,
            stream,
            format=format,
            base=ROOT,
            rules=pages(names, "https://docs.example/rules.md"),
            suppressed=found.suppressed,
        )
        return stream.getvalue()

    return written


@pytest.fixture(scope="module")
def log(report: Callable[[str], str]) -> Any:
    return json.loads(report("sarif"))


def test_the_log_is_valid(log: Any) -> None:
    jsonschema.Draft4Validator(SCHEMA).validate(log)


def test_rules_are_listed_with_their_pages(log: Any) -> None:
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [each["id"] for each in rules] == sorted({each["id"] for each in rules})
    assert all(re.fullmatch(r"LBG\d{3}", each["id"]) for each in rules)
    assert all(each["help"]["markdown"].startswith(each["shortDescription"]["text"]) for each in rules)
    assert all(
        each["helpUri"] == f"https://docs.example/rules.md#{each['id'].lower()}-{each['name']}" for each in rules
    )
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])


def test_results_have_what_code_hosts_show(log: Any) -> None:
    (run,) = log["runs"]
    prints = [each["partialFingerprints"]["lbgen/v1"] for each in run["results"]]
    assert len(set(prints)) == len(prints)
    assert any("fixes" in each for each in run["results"])
    assert any("codeFlows" in each for each in run["results"])


def test_paths_are_those_of_the_repository(log: Any) -> None:
    (run,) = log["runs"]
    uris = {
        place["physicalLocation"]["artifactLocation"]["uri"]
        for each in run["results"]
        for place in each.get("locations", ())
    }
    assert {uri for uri in uris if not uri.startswith("tests/lint/fixtures/")} <= {"haproxy.cfg"}


def test_findings_in_json_have_the_members_that_the_guide_names(report: Callable[[str], str]) -> None:
    guide = (ROOT / "docs" / "lint.md").read_text()
    (told,) = re.findall(r"^A finding in JSON has (.*?)\n\n", guide, re.MULTILINE | re.DOTALL)
    made = json.loads(report("json"))
    assert made["version"] == 1
    members = {key for each in made["findings"] for key in each}
    assert members <= set(re.findall(r"`([a-z_]+)`", told))
    assert {tuple(each) for each in made["findings"]} == {tuple(made["findings"][0])}


def test_junit_is_xml(report: Callable[[str], str]) -> None:
    root = ET.fromstring(report("junit"))
    assert root.get("tests") == str(len(list(root.iter("testcase"))))
    assert root.get("failures") == str(len(list(root.iter("failure"))))


def test_what_is_ignored_is_in_the_log_with_its_reason(tmp_path: Path) -> None:
    labels = {
        "HAPROXY_GROUP": "external",
        "HAPROXY_0_STICKY": "1",
        "LBGEN_IGNORE": "label-bool-unknown: read by our own gateway",
    }
    path = tmp_path / "app.json"
    path.write_text(json.dumps({"id": "/a", "ports": [10001], "labels": labels}))
    found = lint([str(path)], Options(groups=()))
    stream = StringIO()
    write(found.findings, found.documents, stream, format="sarif", suppressed=found.suppressed)
    (run,) = json.loads(stream.getvalue())["runs"]
    said = {each["ruleId"]: each["suppressions"] for each in run["results"]}
    assert said["LBG104"] == [{"kind": "inSource", "justification": "read by our own gateway"}]
