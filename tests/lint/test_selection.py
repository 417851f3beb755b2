"""Which rules count, and for which apps and paths."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.codes import CODES
from lbgen.errors import UsageError
from lbgen.finding import Finding, Severity
from lbgen.lint.globs import matches_app, matches_path, pattern
from lbgen.lint.selection import Layer, Selection, selection, split

FIVES = {name for name, code in CODES.items() if code.startswith("LBG5")}


def chosen(select: str | None = None, ignore: str = "", extend: str = "", **options: Any) -> Selection:
    layer = Layer(None if select is None else split([select]), split([ignore]), split([extend]))
    return selection([layer], **options)


def test_all_rules_count_unless_it_is_said() -> None:
    assert chosen().rules == set(CODES)


@pytest.mark.parametrize("word", ["directive-wrong-section", "LBG507", "lbg507"])
def test_code_and_name_are_the_same(word: str) -> None:
    assert chosen(word).rules == {"directive-wrong-section"}


def test_a_prefix_stands_for_a_family() -> None:
    assert chosen("LBG5").rules == FIVES
    assert chosen(ignore="LBG5").rules == set(CODES) - FIVES


def test_lists_have_commas() -> None:
    assert chosen("LBG507, vhost-wildcard").rules == {"directive-wrong-section", "vhost-wildcard"}


def test_the_longer_word_wins() -> None:
    assert chosen("LBG507", ignore="LBG5").rules == {"directive-wrong-section"}
    assert "directive-wrong-section" not in chosen("LBG5", ignore="LBG507").rules
    assert chosen("ALL", ignore="LBG5", extend="LBG507").rules & FIVES == {"directive-wrong-section"}


def test_of_two_of_one_length_the_one_that_ignores_wins() -> None:
    assert chosen("LBG507", ignore="directive-wrong-section").rules == set()


def test_a_later_layer_wins() -> None:
    file = Layer(split(["LBG5"]), split(["LBG507"]))
    assert selection([file, Layer(None, (), split(["LBG507"]))]).rules == FIVES
    assert selection([file, Layer(split(["LBG507"]))]).rules == {"directive-wrong-section"}
    assert selection([file, Layer(None, split(["LBG50"]))]).rules == {name for name in FIVES if CODES[name][4] != "0"}


def test_pedantic_rules_count_when_asked_for() -> None:
    only: dict[str, Any] = {"pedantic_rules": ["vhost-wildcard"]}
    assert "vhost-wildcard" not in chosen(**only).rules
    assert "vhost-wildcard" not in chosen("LBG4", **only).rules
    assert "vhost-wildcard" in chosen("vhost-wildcard", **only).rules
    assert "vhost-wildcard" in chosen(extend="LBG406", **only).rules
    assert "vhost-wildcard" in chosen(pedantic=True, **only).rules


def finding(rule: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(rule, severity, "is wrong")


def test_remarks_are_told_to_the_pedantic_and_to_who_names_the_rule() -> None:
    remark = finding("vhost-wildcard", Severity.INFO)
    assert not chosen().counts(remark)
    assert not chosen("LBG4").counts(remark)
    assert chosen("LBG406").counts(remark)
    assert chosen(pedantic=True).counts(remark)


def test_what_could_not_be_read_is_told_unless_it_is_ignored() -> None:
    assert chosen("LBG5").counts(finding("unreadable"))
    assert chosen("LBG5").counts(finding("internal-error"))
    assert not chosen("LBG5").counts(finding("vhost-wildcard"))
    assert not chosen(ignore="unreadable").counts(finding("unreadable"))


@pytest.mark.parametrize(
    ("word", "help_"),
    [
        ("vhost-wildcrd", "did you mean vhost-wildcard (LBG406)?"),
        ("vhost_wildcard", "did you mean vhost-wildcard (LBG406)?"),
        ("LBG40B", "did you mean"),
        ("LBG77", ""),
        ("E501", ""),
        ("*", ""),
    ],
)
def test_an_unknown_word_is_an_error(word: str, help_: str) -> None:
    with pytest.raises(UsageError, match="there is no rule") as raised:
        chosen(word)
    assert help_ in raised.value.help


@pytest.mark.parametrize(
    ("path", "glob", "matches"),
    [
        ("apps/web.json", "*.json", True),
        ("apps/web.json", "apps", True),
        ("apps/web.json", "apps/", True),
        ("apps/web.json", "./apps/*.json", True),
        ("apps/web.json", "web.json", True),
        ("apps/web.json", "/web.json", False),
        ("apps/old/web.json", "apps/*.json", False),
        ("apps/old/web.json", "apps/**/web.json", True),
        ("apps/web.json", "apps/**/web.json", True),
        ("apps/old/web.json", "**/old", True),
        ("apps/old/web.json", "apps/**", True),
        ("apps/web.json", "apps/we?.json", True),
        ("apps/web.json", "apps/[vw]eb.json", True),
        ("apps/web.json", "apps/[!w]eb.json", False),
        ("apps.web.json", "apps/web.json", False),
        ("apps/web(1).json", "apps/web(1).json", True),
    ],
)
def test_patterns_of_paths(path: str, glob: str, matches: bool) -> None:
    assert matches_path(path, glob) is matches


@pytest.mark.parametrize(
    ("app", "glob", "matches"),
    [
        ("/shop/web", "/shop/*", True),
        ("/shop/web", "/shop", True),
        ("/shop/web", "shop/web", True),
        ("shop", "/shop", True),
        ("/shopping", "/shop", False),
        ("/shop/a/b", "/shop/*", True),
        ("/team/shop", "shop", False),
        ("/team/shop", "**/shop", True),
    ],
)
def test_patterns_of_apps(app: str, glob: str, matches: bool) -> None:
    assert matches_app(app, glob) is matches


@pytest.mark.parametrize("glob", ["[z-a]", "[]", "[", "[!]", "[a-]", "[--]", "[\\]", "[&&]", "a{1,2}", "", "//", "***"])
def test_no_pattern_is_refused(glob: str) -> None:
    assert pattern(glob)
