"""The rules' manual: in docs/rules.md, in the terminal, for programs."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lbgen.lint.manual import FAMILIES, as_json, family, markdown, text
from lbgen.lint.pages import local_document, pages
from lbgen.lint.registry import BY_NAME, RULES
from tests.console import ROOT

if TYPE_CHECKING:
    from lbgen.lint.rule import Rule

RULE = BY_NAME["label-bool-unknown"]


def test_docs_hold_what_the_rules_say() -> None:
    documents = runpy.run_path(str(ROOT / "tools" / "write_docs.py"))["documents"]()
    assert documents
    for path, wanted in documents.items():
        assert (ROOT / path).read_text() == wanted, f"{path} is not up to date: run python3 tools/write_docs.py"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_section_that_its_link_leads_to(rule: Rule) -> None:
    page = pages([rule.name], "https://docs.example/rules.md")[rule.name]
    assert page.url == f"https://docs.example/rules.md#{rule.code.lower()}-{rule.name}"
    assert f"\n## {rule.code} {rule.name}\n" in (ROOT / "docs" / "rules.md").read_text()
    assert family(rule) in FAMILIES.values()


def test_a_page_in_a_terminal() -> None:
    lines = text([RULE]).splitlines()
    assert lines[:6] == [
        "LBG104 label-bool-unknown",
        "Family:    Values and shape",
        "Severity:  warning",
        "Looks at:  each app",
        "Fix:       sometimes",
        "",
    ]
    assert lines[6] == RULE.summary
    assert lines[8:10] == ["What it does", "~~~~~~~~~~~~"]
    assert '    "HAPROXY_0_STICKY": "true"' in lines
    assert not any(line.startswith(("```", "## ")) for line in lines)


def test_a_page_as_markdown() -> None:
    made = markdown([RULE])
    assert made.startswith(
        "## LBG104 label-bool-unknown\n\n"
        "*family: Values and shape · severity: warning · looks at: each app · fix: sometimes*\n\n"
        f"{RULE.summary}\n\n### What it does\n"
    )
    assert '```json\n"HAPROXY_0_STICKY": "true"\n```\n' in made


def test_what_looks_like_a_heading_in_an_example_stays() -> None:
    assert markdown([RULE]).count("### ") == 3


def test_pages_for_programs() -> None:
    made = json.loads(as_json(RULES))
    assert made["version"] == 1
    assert [each["code"] for each in made["rules"]] == sorted(each["code"] for each in made["rules"])
    (found,) = (each for each in made["rules"] if each["name"] == RULE.name)
    assert found == {
        "code": "LBG104",
        "name": "label-bool-unknown",
        "family": "Values and shape",
        "severity": "warning",
        "subject": "app",
        "fix": "sometimes",
        "pedantic": False,
        "summary": RULE.summary,
        "page": RULE.page,
    }


def test_the_document_is_found_on_this_machine() -> None:
    assert local_document() == (ROOT / "docs" / "rules.md").as_uri()


def test_the_command_prints_what_the_docs_hold() -> None:
    command = [sys.executable, "-m", "lbgen", "rule", "--all", "--format", "markdown"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "docs" / "rules.md").read_text().endswith(printed)
