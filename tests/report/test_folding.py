"""Many findings of one kind: people are told a few and a number, programs all."""

from __future__ import annotations

import json
from io import StringIO

import pytest

from lbgen.finding import Finding, Severity
from lbgen.origin import Origin, Position
from lbgen.report import write


def findings(rule: str, number: int, severity: Severity = Severity.INFO, first: int = 1) -> list[Finding]:
    """Findings of one rule, each in a line of its own."""
    return [
        Finding(rule, severity, f"no {line}", Origin("a.json", position=Position(line, 1)))
        for line in range(first, first + number)
    ]


def told(*found: Finding, format_: str = "concise", fold: bool = True) -> list[str]:
    stream = StringIO()
    write(found, {}, stream, format=format_, fold=fold)
    return stream.getvalue().splitlines()


def test_the_first_five_are_told_and_the_others_counted() -> None:
    assert told(*findings("no-server", 1005)) == [
        *(f"a.json:{line}:1: info[no-server] LBG854 no {line}" for line in range(1, 6)),
        "lbgen: info[no-server] LBG854 and 1,000 more of this kind; --verbose shows all",
    ]


def test_six_are_told_as_they_are() -> None:
    assert len(told(*findings("no-server", 6))) == 6
    assert told(*findings("no-server", 6))[-1] == "a.json:6:1: info[no-server] LBG854 no 6"


def test_every_rule_has_a_number_of_its_own_in_the_order_of_places() -> None:
    lines = told(*findings("a", 9), *findings("b", 9, Severity.WARNING), *findings("c", 2, first=20))
    assert [line for line in lines if "more" in line] == [
        "lbgen: info[a] and 4 more of this kind; --verbose shows all",
        "lbgen: warning[b] and 4 more of this kind; --verbose shows all",
    ]
    assert lines[-1] == "a.json:21:1: info[c] no 21"


def test_errors_are_all_told() -> None:
    assert len(told(*findings("haproxy-refuses", 50, Severity.ERROR))) == 50


def test_who_wants_all_gets_all() -> None:
    assert len(told(*findings("no-server", 50), fold=False)) == 50


@pytest.mark.parametrize("format_", ["json", "sarif", "github"])
def test_programs_get_all(format_: str) -> None:
    lines = told(*findings("no-server", 50), format_=format_)
    if format_ == "github":
        assert len(lines) == 50
    elif format_ == "json":
        assert len(json.loads("\n".join(lines))["findings"]) == 50
    else:
        assert len(json.loads("\n".join(lines))["runs"][0]["results"]) == 50


def test_the_last_line_counts_all() -> None:
    assert told(*findings("no-server", 50), format_="text")[-1] == "50 infos in 1 file; lbgen rule LBG854 explains it"
