"""Every format, whole: findings with a fix, with a link to the manual, suppressed, without a place."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import lbgen
from lbgen.finding import RulePage, Severity, Suppressed
from lbgen.origin import Origin
from lbgen.report import REPORTERS
from tests.report.samples import FINDINGS, FIXABLE, NO_JSON, NOT_A_PORT, WRONG_SECTION, document, written

SAID = Path(__file__).parent / "said"
PAGE = "A directive has no effect where it stands.\n\n## What it does\n\nLooks at `timeout client`.\n"
RULES = {
    "directive-wrong-section": RulePage(
        "directive-wrong-section",
        "LBG507",
        Severity.WARNING,
        "A directive has no effect where it stands.",
        PAGE,
        "https://docs.example/rules#lbg507",
    )
}


@pytest.mark.parametrize("format", REPORTERS)
def test_of_everything(format: str) -> None:
    made = written(
        [FIXABLE, *(each for each in FINDINGS if each is not NOT_A_PORT)],
        format,
        rules=RULES,
        suppressed=[Suppressed(NO_JSON, "inSource", "not ours")],
    )
    assert (
        made.replace(f'"version": "{lbgen.__version__}"', '"version": "VERSION"')
        == (SAID / f"{format}.txt").read_text()
    )


def test_junit_is_xml_whatever_a_text_holds() -> None:
    evil = document('{"id": "/a"}', "a<&\"'\x07\ud800.json")
    made = written([replace(FIXABLE, message='<&"\x07\ud800', origin=Origin(evil.name))], "junit", documents=[evil])
    root = ET.fromstring(made)
    assert (root.get("tests"), root.get("failures")) == ("1", "1")


def test_junit_without_findings_has_one_test_that_passed() -> None:
    root = ET.fromstring(written([], "junit"))
    assert [case.get("name") for case in root.iter("testcase")] == ["nothing to say"]
    assert root.get("failures") == "0"


def test_a_fix_in_json_is_a_text_edit() -> None:
    (made,) = json.loads(written([FIXABLE], "json"))["findings"]
    assert made["fix"] == {
        "message": 'write "443"',
        "safe": False,
        "edits": [{"file": "web.json", "line": 2, "column": 32, "end_line": 2, "end_column": 37, "replacement": "443"}],
    }


def test_the_code_is_a_link_in_terminals_that_know_links() -> None:
    heading = written([WRONG_SECTION], rules=RULES, links=True).splitlines()[0]
    link = "\x1b]8;;https://docs.example/rules#lbg507\x1b\\LBG507\x1b]8;;\x1b\\"
    assert heading == (
        f"kubectl-proxy.json:5:67: warning[directive-wrong-section] {link} 'timeout client' has no effect in a backend"
    )


def test_without_a_page_there_is_no_link() -> None:
    assert "\x1b" not in written([WRONG_SECTION], links=True)
