"""What programs read: one line each, JSON, and GitHub's commands, compared whole."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lbgen.finding import Finding, Severity
from lbgen.origin import Origin
from lbgen.report import REPORTERS, write
from tests.report.samples import DOCUMENTS, FINDINGS, NOT_A_PORT, WRONG_SECTION, document, written

if TYPE_CHECKING:
    from pathlib import Path


def test_concise() -> None:
    assert (
        written(format="concise")
        == """\
kubectl-proxy.json:5:67: warning[directive-wrong-section] LBG507 'timeout client' has no effect in a backend \
(app /kubectl-proxy, label HAPROXY_0_BACKEND_SERVER_OPTIONS, haproxy.cfg:112)
web.json:2:31: error[bad-label-value] LBG155 expected a port from 1 to 65535, found 'https' \
(app /web, label HAPROXY_0_PORT)
lbgen: info[no-resolver] names are not resolved by this check
broken.json:3:7: error[bad-input] expected a value, found 'None'
no.json: error[bad-input] there is no such file
old.cfg: warning[no-bind] nothing to listen on
old.cfg:7:2: error[unknown-directive] unknown keyword 'blance' in 'backend' section \
(app /web, label HAPROXY_0_BALANCE)
"""
    )


def test_github() -> None:
    assert (
        written(format="github")
        == """\
::warning file=kubectl-proxy.json,line=5,endLine=5,col=67,endColumn=88,title=[directive-wrong-section] LBG507::\
'timeout client' has no effect in a backend \
(app /kubectl-proxy, label HAPROXY_0_BACKEND_SERVER_OPTIONS, haproxy.cfg:112)%0A\
the frontend's own timeout applies; drop the line, or set it in HAPROXY_0_FRONTEND_HEAD
::error file=web.json,line=2,endLine=2,col=31,endColumn=38,title=[bad-label-value] LBG155::\
expected a port from 1 to 65535, found 'https' (app /web, label HAPROXY_0_PORT)
::notice title=[no-resolver]::names are not resolved by this check
::error file=broken.json,line=3,endLine=3,col=7,endColumn=7,title=[bad-input]::\
expected a value, found 'None'%0AJSON writes null
::error file=no.json,title=[bad-input]::there is no such file
::warning file=old.cfg,title=[no-bind]::nothing to listen on
::error file=old.cfg,line=7,endLine=7,col=2,endColumn=19,title=[unknown-directive]::\
unknown keyword 'blance' in 'backend' section (app /web, label HAPROXY_0_BALANCE)
"""
    )


def test_github_escapes() -> None:
    made = document("[\n]", "a,b:c%.json")
    finding = Finding("rule", Severity.INFO, "100% a,b:c::error::", Origin(made.name))
    assert written([finding], "github", documents=[made]) == (
        "::notice file=a%2Cb%3Ac%25.json,line=1,endLine=2,title=[rule]::100%25 a,b:c::error::\n"
    )


def test_github_names_files_relative_to_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apps").mkdir()
    monkeypatch.chdir(tmp_path / "apps")
    findings = [replace(NOT_A_PORT, origin=Origin(name)) for name in ("./web.json", "/elsewhere/x.json")]
    lines = written(findings, "github", base=tmp_path).splitlines()
    assert [line.split(",")[0] for line in lines] == ["::error file=apps/web.json", "::error file=/elsewhere/x.json"]


def test_json() -> None:
    assert (
        written([WRONG_SECTION], "json")
        == """\
{
  "version": 1,
  "findings": [
    {
      "code": "LBG507",
      "rule": "directive-wrong-section",
      "severity": "warning",
      "message": "'timeout client' has no effect in a backend",
      "help": "the frontend's own timeout applies; drop the line, or set it in HAPROXY_0_FRONTEND_HEAD",
      "file": "kubectl-proxy.json",
      "line": 5,
      "column": 67,
      "end_line": 5,
      "end_column": 88,
      "pointer": "/labels/HAPROXY_0_BACKEND_SERVER_OPTIONS",
      "app": "/kubectl-proxy",
      "label": "HAPROXY_0_BACKEND_SERVER_OPTIONS",
      "config": {
        "file": "haproxy.cfg",
        "line": 112,
        "section": "backend kubectl-proxy_6443",
        "text": "  timeout client 86400s"
      },
      "related": [],
      "fix": null,
      "fingerprint": "e29c52e7243e473a6f4438d151bd1cd3:1",
      "url": null
    }
  ]
}
"""
    )


def test_json_has_null_for_what_is_not_known() -> None:
    findings = json.loads(written(format="json"))["findings"]
    assert findings[1]["related"] == [
        {
            "file": "kubectl-proxy.json",
            "line": 2,
            "column": 9,
            "end_line": 2,
            "end_column": 25,
            "pointer": "/id",
            "app": "/kubectl-proxy",
            "label": None,
        }
    ]
    assert findings[2] == {
        "code": None,
        "rule": "no-resolver",
        "severity": "info",
        "message": "names are not resolved by this check",
        "help": None,
        "file": None,
        "line": None,
        "column": None,
        "end_line": None,
        "end_column": None,
        "pointer": None,
        "app": None,
        "label": None,
        "config": None,
        "related": [],
        "fix": None,
        "fingerprint": "4a40f03a37c19cbf6b9f0ffae9246196:1",
        "url": None,
    }
    assert (findings[3]["line"], findings[3]["column"], findings[3]["pointer"]) == (3, 7, None)
    assert (findings[4]["file"], findings[4]["line"]) == ("no.json", None)
    assert findings[5]["config"] == {"file": "old.cfg", "line": None, "section": "frontend web", "text": None}
    assert (findings[6]["file"], findings[6]["line"], findings[6]["label"]) == ("old.cfg", 7, "HAPROXY_0_BALANCE")


def test_json_without_findings() -> None:
    assert json.loads(written([], "json")) == {"version": 1, "findings": []}


@pytest.mark.parametrize("format", REPORTERS)
def test_order_does_not_depend_on_the_order_of_the_findings(format: str) -> None:
    assert written(FINDINGS, format) == written(FINDINGS[::-1], format)


@pytest.mark.parametrize("format", REPORTERS)
def test_identical_findings_are_said_once(format: str) -> None:
    assert written([*FINDINGS, *FINDINGS], format) == written(FINDINGS, format)


def test_documents_are_reported_in_the_order_given() -> None:
    there = written(FINDINGS, "concise", documents=DOCUMENTS.values()).splitlines()
    back = written(FINDINGS, "concise", documents=list(DOCUMENTS.values())[::-1]).splitlines()
    assert back == [there[1], there[0], *there[2:]]


def test_within_a_document_by_line_column_rule_and_message() -> None:
    made = document('{"a": 1, "b": 2,\n "c": 3}')
    wanted = [("/a", "r", "m"), ("/b", "q", "z"), ("/b", "r", "a"), ("/b", "r", "b"), ("/c", "a", "a")]
    findings = [Finding(rule, Severity.ERROR, said, Origin("app.json", pointer)) for pointer, rule, said in wanted]
    lines = written(findings[::-1], "concise", documents=[made]).splitlines()
    assert lines == [
        "app.json:1:7: error[r] m",
        "app.json:1:15: error[q] z",
        "app.json:1:15: error[r] a",
        "app.json:1:15: error[r] b",
        "app.json:2:7: error[a] a",
    ]


@pytest.mark.parametrize("format", REPORTERS)
def test_a_stream_that_cannot_take_every_character(format: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    made = document('{"id": "/é"}', "caf\udce9.json")
    finding = Finding("rule", Severity.ERROR, "“é”", Origin(made.name, "/id"))
    write([finding], {made.name: made}, stream, format=format)
    stream.flush()
    assert raw.getvalue().isascii()
    assert b"rule" in raw.getvalue()
