"""Fixes: safe ones and others, those that get into each other's way, those that do something else than they should."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

import pytest

from lbgen.finding import Edit, Finding, Fix, Severity
from lbgen.lint.fix import mend
from lbgen.origin import Origin, Position, Span
from lbgen.pipeline.fixing import ROUNDS, lint_and_fix, write_files_of
from lbgen.pipeline.linting import Linted, lint
from lbgen.pipeline.options import Options
from lbgen.source import Document, load, read

if TYPE_CHECKING:
    from pathlib import Path

TEXT = '{"id": "/a",\n "labels": {"A": "1",  "B": "one\\ntwo", "C": "x"}}\n'


def document(text: str = TEXT, name: str = "a.json") -> Document:
    made = Document(name, text, text.encode(), "yaml" if name.endswith("yaml") else "json")
    load(made)
    return made


def fault(*edits: Edit, safe: bool = True, rule: str = "rule") -> Finding:
    return Finding(rule, Severity.ERROR, "m", Origin("a.json", "/id"), fix=Fix("do it", edits, safe))


def label(name: str, text: str | None, start: int | None = None, end: int | None = None) -> Edit:
    return Edit("a.json", text, f"/labels/{name}", start, end)


def mended(*findings: Finding, unsafe: bool = False, text: str = TEXT) -> str:
    """The text after one round."""
    return mend(findings, {"a.json": document(text)}, unsafe=unsafe).texts.get("a.json", text)


class TestOneRound:
    def test_changes_what_the_edits_say_and_nothing_else(self) -> None:
        made = mended(fault(label("A", "2")), fault(label("B", "", 0, 4)), fault(label("C", None)))
        assert made == TEXT.replace('"1"', '"2"').replace("one\\n", "").replace(', "C": "x"', "")

    def test_does_what_is_not_safe_only_when_asked_to(self) -> None:
        unsafe = fault(label("A", "2"), safe=False)
        assert mended(unsafe) == TEXT
        assert mended(unsafe, unsafe=True) == TEXT.replace('"1"', '"2"')

    def test_does_the_first_of_two_that_get_into_each_others_way(self) -> None:
        first, second = fault(label("B", "ONE", 0, 3)), fault(label("B", "TWO", 2, 7))
        assert mended(first, second) == mended(second, first) == TEXT.replace("one", "ONE")

    def test_does_what_is_asked_for_twice_once(self) -> None:
        twice = [fault(label("A", "2"), rule=rule) for rule in ("one", "other")]
        assert mended(*twice) == TEXT.replace('"1"', '"2"')

    def test_does_all_edits_of_a_fix_or_none(self) -> None:
        half = fault(label("A", "2"), Edit("a.json", "x", "/no/such/thing"))
        assert mended(half) == TEXT
        elsewhere = fault(label("A", "2"), Edit("b.json", "x", "/id"))
        assert mended(elsewhere) == TEXT

    def test_may_be_about_several_documents(self) -> None:
        both = fault(label("A", "2"), Edit("b.json", "/b", "/id"))
        made = mend([both], {"a.json": document(), "b.json": document('{"id": "/x"}', "b.json")})
        assert made.texts == {"a.json": TEXT.replace('"1"', '"2"'), "b.json": '{"id": "/b"}'}
        spared = mend(
            [both], {"a.json": document(), "b.json": document('{"id": "/x"}', "b.json")}, untouched={"b.json"}
        )
        assert (spared.texts, spared.findings) == ({}, [])

    def test_does_not_depend_on_the_order_of_findings(self) -> None:
        faults = [
            fault(label("A", "2")),
            fault(label("B", "x", 0, 4)),
            fault(label("B", "y", 2, 7)),
            fault(label("C", None)),
        ]
        assert mended(*faults) == mended(*faults[::-1])

    def test_leaves_keys_that_stand_twice(self) -> None:
        text = '{"labels": {"A": "1", "A": "2"}}'
        assert mended(fault(label("A", None)), text=text) == text

    def test_lets_one_of_two_wait_that_would_make_a_key_stand_twice(self) -> None:
        names = [fault(Edit("a.json", "N", f"/labels/{old}", key=True)) for old in ("A", "C")]
        assert mended(*names) == TEXT.replace('"A"', '"N"')

    def test_a_fix_that_breaks_the_document_is_a_mistake_and_the_others_are_done(self) -> None:
        wrong = Edit("a.json", "}", span=Span(Position(1, 1), Position(1, 2)))
        made = mend([fault(wrong, rule="broken"), fault(label("C", "y"))], {"a.json": document()})
        assert made.texts == {"a.json": TEXT.replace('"x"', '"y"')}
        assert [each.message for each in made.mistakes] == [
            "the fix of broken would make something else of the file, which is a mistake of lbgen's",
        ]

    def test_what_an_alias_repeats_is_left_to_people(self) -> None:
        text = "labels:\n  A: &x one\n  B: *x\n  C: three\n"
        edits = [
            Edit("a.yaml", "two", "/labels/A"),
            Edit("a.yaml", "two", "/labels/B"),
            Edit("a.yaml", "4", "/labels/C"),
        ]
        made = mend([fault(edit) for edit in edits], {"a.yaml": document(text, "a.yaml")})
        assert made.texts == {"a.yaml": text.replace("three", '"4"')}
        assert made.mistakes == []


APP = {
    "id": "/a",
    "ports": [10001],
    "labels": {"HAPROXY_GROUP": "external", "HAPROXY_0_STICKY": "0", "HAPROXY_0_USE_HSTS": "on"},
}


def linted(path: Path, *, unsafe: bool = False) -> tuple[int, list[str], dict[str, str]]:
    fixed = lint_and_fix(lambda: lint([str(path)], Options(groups=())), unsafe=unsafe)
    write_files_of(fixed)
    left = [each.rule for each in fixed.linted.findings if each.fix is not None]
    return fixed.number, left, fixed.after


class TestFiles:
    def test_are_written_in_place(self, tmp_path: Path) -> None:
        path = tmp_path / "app.json"
        path.write_bytes(b"\xef\xbb\xbf" + json.dumps(APP, indent="\t").replace("\n", "\r\n").encode())
        path.chmod(0o640)
        link = tmp_path / "link.json"
        link.symlink_to(path)
        before = path.read_bytes()
        assert linted(link)[:2] == (1, ["label-bool-unknown"])
        assert path.read_bytes() == before.replace(b'STICKY": "0"', b'STICKY": "false"')
        assert link.is_symlink()
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_have_nothing_left_to_fix_after_unsafe_fixes(self, tmp_path: Path) -> None:
        path = tmp_path / "app.json"
        path.write_text(json.dumps(APP))
        assert linted(path, unsafe=True)[1] == []
        again = path.read_text()
        assert linted(path, unsafe=True) == (0, [], {})
        assert path.read_text() == again

    def test_that_need_nothing_are_not_touched(self, tmp_path: Path) -> None:
        path = tmp_path / "app.json"
        path.write_text(json.dumps(APP | {"labels": {"HAPROXY_GROUP": "external"}}))
        os.utime(path, ns=(1, 1))
        linted(path, unsafe=True)
        assert path.stat().st_mtime_ns == 1

    def test_fixes_that_get_into_each_others_way_are_done_in_rounds(self, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        path.write_text('{"labels": {"A": "aaa"}}')

        def lint_once() -> Linted:
            found = read(str(path))
            text: str = load(found)["labels"]["A"]
            edits = [Edit(str(path), "b", "/labels/A", at, at + 2) for at in range(len(text) - 1) if text[at] == "a"]
            return Linted([fault(edit) for edit in edits], {found.name: found})

        fixed = lint_and_fix(lint_once)
        assert list(fixed.after.values()) == ['{"labels": {"A": "ba"}}']

    def test_fixes_that_never_end_are_told(self, tmp_path: Path) -> None:
        path = tmp_path / "a.json"
        path.write_text('{"labels": {"A": ""}}')

        def lint_once() -> Linted:
            found = read(str(path))
            text: str = load(found)["labels"]["A"]
            return Linted([fault(Edit(str(path), f"{text}x", "/labels/A"))], {found.name: found})

        fixed = lint_and_fix(lint_once)
        assert list(fixed.after.values()) == [f'{{"labels": {{"A": "{"x" * ROUNDS}"}}}}']
        assert [each.rule for each in fixed.linted.findings] == ["rule", "internal-error"]


def test_many_fixes_take_time_in_proportion() -> None:
    number = 20_000
    text = json.dumps({"labels": {f"L{index}": "x" for index in range(number)}}, indent=0)
    found = document(text)
    findings = [fault(label(f"L{index}", "y")) for index in range(number)]
    made = mend(findings, {"a.json": found})
    assert len(made.findings) == number
    assert made.texts["a.json"] == text.replace('"x"', '"y"')


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_nothing_to_do(name: str) -> None:
    made = mend([Finding("rule", Severity.ERROR, "m")], {name: document("{}", name)}, unsafe=True)
    assert (made.texts, made.findings, made.mistakes) == ({}, [], [])
