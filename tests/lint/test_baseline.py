"""The baseline: known findings are not told again, until there are more of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.lint.apps import app, broken, sticky

if TYPE_CHECKING:
    from collections.abc import Sequence

BASELINE = ("--baseline", "known.json")


def told(run: Any, *arguments: str) -> list[tuple[str, str | None]]:
    found = json.loads(run(*arguments, *BASELINE, "--format", "json").out)["findings"]
    return [(each["rule"], each["app"]) for each in found]


def known() -> Sequence[dict[str, Any]]:
    findings: list[dict[str, Any]] = json.loads(Path("known.json").read_text())["findings"]
    return findings


def test_what_is_known_is_not_told_again(run: Any, write: Any) -> None:
    write("a.json", [sticky("/a", 10001), broken("/b", 10002)])
    ended = run("a.json", *BASELINE, "--write-baseline")
    assert ended == ("", "lbgen: known.json is written: 2 findings\n", 0)
    assert run("a.json", *BASELINE) == ("", "", 0)


def test_it_is_a_json_that_people_can_read_and_compare(run: Any, write: Any) -> None:
    write("apps/a.json", sticky())
    run("apps", *BASELINE, "--write-baseline")
    value = json.loads(Path("known.json").read_text())
    (entry,) = value["findings"]
    assert value["version"] == 1
    assert len(entry.pop("fingerprint")) == 32
    assert entry == {
        "rule": "label-bool-unknown",
        "document": "apps/a.json",
        "app": "/shop",
        "label": "HAPROXY_0_STICKY",
        "message": '"1" is read as false',
        "count": 1,
    }


def test_lines_may_move_and_apps_too(run: Any, write: Any) -> None:
    write("a.json", sticky("/a", 10001))
    run("a.json", *BASELINE, "--write-baseline")
    write("a.json", "\n\n" + json.dumps({"apps": [app("/0", 10002), sticky("/a", 10001)]}))
    assert told(run, "a.json") == []


def test_what_is_new_is_told(run: Any, write: Any) -> None:
    write("a.json", sticky("/a", 10001))
    run("a.json", *BASELINE, "--write-baseline")
    write("a.json", [sticky("/a", 10001), sticky("/b", 10002)])
    assert told(run, "a.json") == [("label-bool-unknown", "/b")]
    assert run("a.json", *BASELINE).status == 1


def test_more_of_the_same_is_told(run: Any, write: Any) -> None:
    text = "backend web\n  clitimeout 10\n{}  server web 10.0.0.1:80\n"
    write("a.cfg", text.format(""))
    run("a.cfg", *BASELINE, "--write-baseline")
    assert told(run, "a.cfg") == []
    write("a.cfg", text.format("  clitimeout 10\n"))
    assert len(told(run, "a.cfg")) == 1


def test_what_is_gone_is_told_to_the_pedantic_and_dropped(run: Any, write: Any) -> None:
    write("a.json", [sticky("/a", 10001), broken("/b", 10002)])
    run("a.json", *BASELINE, "--write-baseline")
    write("a.json", [sticky("/a", 10001), app("/b", 10002)])
    assert told(run, "a.json") == []
    ended = run("a.json", *BASELINE, "--pedantic", "--format", "concise")
    assert "known.json:13:5: info[baseline-outdated] LBG914 the baseline knows label-not-integer" in ended.out
    assert ended.status == 0
    assert len(known()) == 2
    ended = run("a.json", *BASELINE, "--write-baseline")
    assert ended.err == "lbgen: known.json is written: 1 finding, 1 dropped that is gone\n"
    assert [entry["app"] for entry in known()] == ["/a"]


def test_files_that_are_not_read_keep_their_entries(run: Any, write: Any) -> None:
    write("a.json", sticky("/a", 10001))
    write("b.json", sticky("/b", 10002))
    run(".", *BASELINE, "--write-baseline")
    assert ("baseline-outdated", None) not in told(run, "a.json", "--pedantic")
    run("a.json", *BASELINE, "--write-baseline")
    assert [entry["document"] for entry in known()] == ["a.json", "b.json"]
    Path("b.json").unlink()
    assert ("baseline-outdated", None) in told(run, "a.json", "--pedantic")


def test_rules_that_are_not_looked_for_keep_their_entries(run: Any, write: Any) -> None:
    write("a.json", [sticky("/a", 10001), broken("/b", 10002)])
    run("a.json", *BASELINE, "--write-baseline")
    assert ("baseline-outdated", None) not in told(run, "a.json", "--pedantic", "--select", "LBG103,LBG914")
    run("a.json", *BASELINE, "--write-baseline", "--select", "LBG103")
    assert [entry["app"] for entry in known()] == ["/a", "/b"]


def test_it_is_found_from_elsewhere(run: Any, write: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write("apps/a.json", sticky())
    write("lbgen.toml", '[lint]\nbaseline = "known.json"\n')
    assert run("apps", "--write-baseline").err == "lbgen: known.json is written: 1 finding\n"
    monkeypatch.chdir(tmp_path / "apps")
    assert run("a.json").status == 0
    assert run("a.json", "--baseline", "").status == 1


def test_it_is_not_linted_itself(run: Any, write: Any) -> None:
    write("a.json", sticky())
    run(".", *BASELINE, "--write-baseline")
    assert told(run, ".") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "known.json: this is no baseline: it should be an object with findings"),
        ("{}", "known.json: this is no baseline"),
        ('{"version": 2, "findings": []}', "the baseline has the version 2; this lbgen reads 1"),
        ('{"version": 1, "findings": [1]}', "an entry of the baseline should be an object"),
        ('{"version": 1, "findings": [{"rule": "a"}]}', "an entry needs the texts"),
        (
            '{"version": 1, "findings": [{"fingerprint": "a", "rule": "a", "document": "a", "count": 0}]}',
            "an entry needs",
        ),
        ("{", "known.json:1:2: "),
    ],
)
def test_what_is_no_baseline_is_refused(run: Any, write: Any, text: str, said: str) -> None:
    write("a.json", app())
    write("known.json", text)
    ended = run("a.json", *BASELINE)
    assert ended.status == 2
    assert said in ended.err


def test_what_is_known_is_in_sarif(run: Any, write: Any) -> None:
    write("a.json", sticky())
    run("a.json", *BASELINE, "--write-baseline")
    (result,) = json.loads(run("a.json", *BASELINE, "--format", "sarif").out)["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "baseline"}]
