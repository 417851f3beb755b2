"""Fingerprints stay while the finding is the same one, and differ where it is another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lbgen.finding import ConfigLine, Finding, Severity
from lbgen.fingerprint import fingerprint, numbered, relative
from lbgen.origin import Origin, Position

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = Origin("a.json", "/apps/3/labels/HAPROXY_0_PORT", "/shop")
FINDING = Finding("label-not-integer", Severity.ERROR, '"x" is no number', ORIGIN)


def moved(**fields: object) -> Finding:
    return replace(FINDING, origin=replace(ORIGIN, **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "pointer",
    [
        "/labels/HAPROXY_0_PORT",
        "/0/labels/HAPROXY_0_PORT",
        "/app/labels/HAPROXY_0_PORT",
        "/groups/0/groups/12/apps/7/labels/HAPROXY_0_PORT",
    ],
)
def test_it_stays_wherever_the_app_stands(pointer: str) -> None:
    assert fingerprint(moved(pointer=pointer), "a.json") == fingerprint(FINDING, "a.json")


def test_it_stays_when_lines_move() -> None:
    first = replace(FINDING, message="given twice; the one in line 3 does not count", config=ConfigLine("h.cfg", 9))
    again = replace(FINDING, message="given twice; the one in line 41 does not count", config=ConfigLine("h.cfg", 7))
    assert fingerprint(first) == fingerprint(again)
    assert fingerprint(moved(position=Position(1, 2))) == fingerprint(moved(position=Position(8, 2)))


def test_it_stays_when_the_severity_is_another() -> None:
    assert fingerprint(replace(FINDING, severity=Severity.INFO, help="another")) == fingerprint(FINDING)


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, rule="port-range"),
        replace(FINDING, message='"y" is no number'),
        moved(app="/other"),
        moved(pointer="/apps/3/labels/HAPROXY_1_PORT"),
    ],
)
def test_another_finding_has_another(other: Finding) -> None:
    assert fingerprint(other) != fingerprint(FINDING)


def test_the_document_counts_where_it_is_given() -> None:
    assert len({fingerprint(FINDING, name) for name in ("", "a.json", "b.json")}) == 3


def test_half_a_character_is_no_trouble() -> None:
    assert len(fingerprint(moved(app="\ud800"))) == 32


def test_equal_ones_are_numbered() -> None:
    assert list(numbered(["a", "b", "a"])) == ["a:1", "b:1", "a:2"]


def test_documents_are_named_from_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apps").mkdir()
    monkeypatch.chdir(tmp_path / "apps")
    assert relative("a.json", str(tmp_path)) == "apps/a.json"
    assert relative(str(tmp_path / "apps" / "a.json"), str(tmp_path)) == "apps/a.json"
    assert relative("<stdin>", str(tmp_path)) == "<stdin>"
