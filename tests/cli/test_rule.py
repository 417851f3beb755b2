"""`lbgen rule`: by code, by name, by family, all; and what the shell offers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

    Run = Callable[..., Ended]


@pytest.mark.parametrize("called", ["LBG104", "lbg104", "label-bool-unknown"])
def test_code_and_name_are_the_same(run: Run, called: str) -> None:
    ended = run("rule", called)
    assert ended.out.startswith("LBG104 label-bool-unknown\nFamily:    Values and shape\n")
    assert (ended.err, ended.status) == ("", 0)


def test_several_come_in_the_order_of_their_codes(run: Run) -> None:
    ended = run("rule", "LBG105", "label-bool-unknown", "--format", "json")
    assert [each["code"] for each in json.loads(ended.out)["rules"]] == ["LBG104", "LBG105"]


def test_a_prefix_is_a_family(run: Run) -> None:
    found = json.loads(run("rule", "LBG1", "--format", "json").out)["rules"]
    assert len(found) > 5
    assert {each["family"] for each in found} == {"Values and shape"}


def test_all(run: Run) -> None:
    every, found = (json.loads(run("rule", *given, "--format", "json").out) for given in (("--all",), ("ALL",)))
    assert every == found
    assert len(every["rules"]) > 50


@pytest.mark.parametrize(
    ("called", "help_"),
    [
        ("LBG0104", "did you mean label-bool-unknown (LBG104)?"),
        ("label_bool_unkown", "did you mean label-bool-unknown (LBG104)?"),
        ("\x1b[2J", "lbgen rule --all shows all rules"),
    ],
)
def test_what_does_not_exist_is_told_with_a_suggestion(run: Run, called: str, help_: str) -> None:
    ended = run("rule", called)
    assert (ended.out, ended.status) == ("", 2)
    assert ended.err.startswith("lbgen: error: there is no rule")
    assert help_ in ended.err
    assert "\x1b" not in ended.err


@pytest.mark.parametrize("given", [(), ("--all", "LBG104")])
def test_rules_are_named_or_all_are_wanted(run: Run, given: tuple[str, ...]) -> None:
    ended = run("rule", *given)
    assert ended.status == 2
    assert "name rules by code or name, or give --all" in ended.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete(run: Run, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setenv("_LBGEN_COMPLETE", f"{shell}_source")
    assert "_LBGEN_COMPLETE" in run().out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("rule", "LBG10"), ["LBG101", "LBG102", "LBG103", "LBG104", "LBG105", "LBG106", "LBG107", "LBG108", "LBG109"]),
        (("rule", "label-bo"), ["label-bool-unknown"]),
        (("lint", "--select", "LBG104,label-bo"), ["LBG104,label-bool-unknown"]),
        (("lint", "--ignore", "label-bo"), ["label-bool-unknown"]),
        (("li",), ["lint"]),
    ],
)
def test_what_is_completed(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], expected: list[str]
) -> None:
    monkeypatch.setenv("_LBGEN_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(("lbgen", *words)))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    assert [line.partition(",")[2] for line in run().out.splitlines()] == expected
