"""The SARIF log: valid by the standard's schema, the way from label to haproxy.cfg, fingerprints that stay."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from lbgen.finding import Edit, Finding, RulePage, Severity, Suppressed
from lbgen.origin import Origin
from tests.report.samples import (
    DOCUMENTS,
    FINDINGS,
    FIXABLE,
    HAND_WRITTEN,
    NO_JSON,
    NOT_A_PORT,
    PROXY,
    WEB,
    WRONG_SECTION,
    document,
    written,
)

SCHEMA = json.loads((Path(__file__).parent / "sarif" / "sarif-2.1.0-rtm.5.json").read_text())


def log(*findings: Finding, **options: Any) -> Any:
    return json.loads(written(findings, "sarif", **options))


def results(*findings: Finding, **options: Any) -> list[Any]:
    found: list[Any] = log(*findings, **options)["runs"][0]["results"]
    return found


def fingerprints(*findings: Finding, **options: Any) -> list[str]:
    return [each["partialFingerprints"]["lbgen/v1"] for each in results(*findings, **options)]


@pytest.mark.parametrize("findings", [(), FINDINGS, *((each,) for each in FINDINGS)])
def test_valid(findings: tuple[Finding, ...]) -> None:
    jsonschema.Draft4Validator(SCHEMA).validate(log(*findings))


def test_the_schema_refuses_what_is_not_valid() -> None:
    broken = log(WRONG_SECTION)
    broken["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SCHEMA).validate(broken)


def test_whole() -> None:
    label = {
        "physicalLocation": {
            "artifactLocation": {"uri": "kubectl-proxy.json"},
            "region": {"startLine": 5, "startColumn": 67, "endLine": 5, "endColumn": 88},
        },
        "logicalLocations": [
            {"fullyQualifiedName": "/kubectl-proxy/labels/HAPROXY_0_BACKEND_SERVER_OPTIONS", "kind": "member"}
        ],
    }
    line = {
        "physicalLocation": {
            "artifactLocation": {"uri": "haproxy.cfg"},
            "region": {"startLine": 112, "snippet": {"text": "  timeout client 86400s"}},
        },
        "message": {"text": "what it became, in backend kubectl-proxy_6443"},
    }
    made = log(WRONG_SECTION)
    made["runs"][0]["tool"]["driver"].pop("version")
    assert made == {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "lbgen",
                        "rules": [
                            {
                                "id": "LBG507",
                                "name": "directive-wrong-section",
                                "shortDescription": {"text": "directive wrong section"},
                            }
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": "LBG507",
                        "ruleIndex": 0,
                        "level": "warning",
                        "message": {"text": f"{WRONG_SECTION.message}\n{WRONG_SECTION.help}"},
                        "partialFingerprints": {"lbgen/v1": "e29c52e7243e473a6f4438d151bd1cd3:1"},
                        "locations": [label],
                        "codeFlows": [{"threadFlows": [{"locations": [{"location": label}, {"location": line}]}]}],
                        "relatedLocations": [{"id": 0, **line}],
                    }
                ],
            }
        ],
    }


def test_every_rule_is_listed_once_and_results_point_at_it() -> None:
    run = log(*FINDINGS)["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == sorted({finding.code or finding.rule for finding in FINDINGS})
    assert [rules[each["ruleIndex"]] for each in run["results"]] == [each["ruleId"] for each in run["results"]]


def test_related_places_come_before_what_it_became() -> None:
    (result,) = results(replace(WRONG_SECTION, related=(Origin("web.json", "/id"),)))
    uris = [each["physicalLocation"]["artifactLocation"]["uri"] for each in result["relatedLocations"]]
    assert uris == ["web.json", "haproxy.cfg"]
    assert [each["id"] for each in result["relatedLocations"]] == [0, 1]


def test_a_hand_written_config_is_the_place_itself() -> None:
    (result,) = results(HAND_WRITTEN)
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "old.cfg"},
                "region": {"startLine": 7, "startColumn": 2, "endLine": 7, "endColumn": 19},
            },
            "logicalLocations": [{"fullyQualifiedName": "/web/labels/HAPROXY_0_BALANCE", "kind": "member"}],
        }
    ]
    assert "codeFlows" not in result


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("apps/web one.json", "apps/web%20one.json"),
        ("./web.json", "web.json"),
        ("<stdin>", "%3Cstdin%3E"),
        ("/srv/é.json", "file:///srv/%C3%A9.json"),
        ("caf\udce9.json", "caf%E9.json"),
    ],
)
def test_uri(name: str, uri: str) -> None:
    (result,) = results(replace(NOT_A_PORT, origin=Origin(name), related=()))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_uri_relative_to_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    inside, outside = str(tmp_path / "a" / "web.json"), "/elsewhere/web.json"
    findings = [replace(NOT_A_PORT, origin=Origin(name), related=()) for name in (inside, outside)]
    made = results(*findings, base=tmp_path)
    uris = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in made]
    assert sorted(uris) == ["a/web.json", "file:///elsewhere/web.json"]


def test_fingerprints_stay_when_lines_move() -> None:
    moved = [replace(each, message=each.message.replace("x:3", "x:9")) for each in FINDINGS]
    shifted = [document("\n\n" + each.text, each.name) for each in DOCUMENTS.values()]
    assert fingerprints(*moved, documents=shifted) == fingerprints(*FINDINGS)


def test_fingerprints_stay_when_lines_in_the_message_move() -> None:
    there = replace(NOT_A_PORT, message="see haproxy.cfg:112 and line 7, column 3")
    moved = replace(NOT_A_PORT, message="see haproxy.cfg:113 and line 99, column 1")
    assert fingerprints(there) == fingerprints(moved)


@pytest.mark.parametrize(
    "other",
    [
        replace(NOT_A_PORT, rule="other"),
        replace(NOT_A_PORT, message="expected a port from 1 to 65535, found '99999'"),
        replace(NOT_A_PORT, origin=Origin("web.json", "/labels/HAPROXY_1_PORT", "/web")),
        replace(NOT_A_PORT, origin=Origin("web.json", "/labels/HAPROXY_0_PORT", "/other")),
        replace(NOT_A_PORT, origin=Origin("kubectl-proxy.json", "/labels/HAPROXY_0_PORT", "/web")),
    ],
)
def test_fingerprints_differ_where_findings_do(other: Finding) -> None:
    assert fingerprints(NOT_A_PORT) != fingerprints(other)


def test_no_two_fingerprints_of_a_run_are_the_same() -> None:
    assert PROXY.name in DOCUMENTS
    twice = [replace(NO_JSON, origin=Origin("web.json", "/labels/HAPROXY_0_PORT", "/web", n, n + 1)) for n in range(3)]
    assert len(set(fingerprints(*twice))) == 3


def test_columns_count_characters() -> None:
    made = document('{"\N{GRINNING FACE}": "x"}')
    finding = Finding("rule", Severity.ERROR, "m", Origin("app.json", "/\N{GRINNING FACE}"))
    (result,) = results(finding, documents=[made, WEB])
    assert result["locations"][0]["physicalLocation"]["region"]["startColumn"] == 7


PAGE = RulePage(
    "bad-label-value",
    "LBG155",
    Severity.ERROR,
    "A label lies.",
    "A label lies.\n\n## What it does\n\nReads `PORT`.\n\n## Why is this bad?\n\nIt is lost.\n",
    "https://docs.example/rules#lbg155",
)


def test_what_the_manual_says_is_in_the_rule() -> None:
    (rule,) = log(NOT_A_PORT, rules={"bad-label-value": PAGE})["runs"][0]["tool"]["driver"]["rules"]
    assert rule == {
        "id": "LBG155",
        "name": "bad-label-value",
        "shortDescription": {"text": "A label lies."},
        "fullDescription": {"text": "Reads PORT. It is lost."},
        "help": {
            "text": "A label lies.\n\nWhat it does\n\nReads PORT.\n\nWhy is this bad?\n\nIt is lost.",
            "markdown": PAGE.page,
        },
        "defaultConfiguration": {"level": "error"},
        "helpUri": "https://docs.example/rules#lbg155",
    }


def test_a_page_on_this_machine_is_nothing_to_link_to() -> None:
    local = {"bad-label-value": replace(PAGE, url="file:///srv/rules.md")}
    assert "helpUri" not in log(NOT_A_PORT, rules=local)["runs"][0]["tool"]["driver"]["rules"][0]


def test_a_fix_is_what_happens_to_the_text() -> None:
    (result,) = results(FIXABLE)
    assert result["fixes"] == [
        {
            "description": {"text": 'write "443" (unsafe)'},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": "web.json"},
                    "replacements": [
                        {
                            "deletedRegion": {"startLine": 2, "startColumn": 32, "endLine": 2, "endColumn": 37},
                            "insertedContent": {"text": "443"},
                        }
                    ],
                }
            ],
        }
    ]


def test_a_fix_that_cannot_be_written_is_none() -> None:
    assert FIXABLE.fix is not None
    lost = replace(FIXABLE, fix=FIXABLE.fix._replace(edits=(Edit("web.json", "x", "/no/such", 0, 1),)))
    assert "fixes" not in results(lost)[0]


def test_what_is_suppressed_is_in_the_log_with_the_reason() -> None:
    found = results(NOT_A_PORT, suppressed=[Suppressed(WRONG_SECTION, "inSource", "we know")])
    assert {each["ruleId"]: each["suppressions"] for each in found} == {
        "LBG155": [],
        "LBG507": [{"kind": "inSource", "justification": "we know"}],
    }
    external = results(suppressed=[Suppressed(WRONG_SECTION, "external")])
    assert [each["suppressions"] for each in external] == [[{"kind": "external"}]]


def test_valid_with_everything() -> None:
    made = log(
        FIXABLE, *FINDINGS, rules={"bad-label-value": PAGE}, suppressed=[Suppressed(WRONG_SECTION, "inSource", "why")]
    )
    jsonschema.Draft4Validator(SCHEMA).validate(made)
