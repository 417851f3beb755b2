"""The registry: codes, names and manual pages."""

from __future__ import annotations

import re

import pytest

from lbgen.codes import CODES
from lbgen.lint.registry import BY_CODE, RULES
from lbgen.lint.rule import Subject


def test_codes_and_names_are_used_once() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert len(BY_CODE) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_manual_page(rule) -> None:  # type: ignore[no-untyped-def]
    assert re.fullmatch(r"LBG\d{3}", rule.code)
    assert re.match(r"[^\n]{10,110}\.\n\n## What it does\n", rule.page)
    headings = re.findall(r"^## (.+)$", rule.page, re.MULTILINE)
    assert headings[:3] == ["What it does", "Why is this bad?", "Use instead"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_that_is_not_told_checks(rule) -> None:  # type: ignore[no-untyped-def]
    assert hasattr(rule, "check") == (rule.subject is not Subject.TOLD)
