"""`lbgen lint` on the command line: what is told, where it goes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.lint.apps import app, broken, sticky

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = ["text", "concise", "json", "sarif", "github", "junit"]
STICKY = 'a.json:5:25: warning[label-bool-unknown] LBG104 "1" is read as false (app /shop, label HAPROXY_0_STICKY)\n'


def codes(out: str) -> list[str]:
    return sorted(finding["rule"] for finding in json.loads(out)["findings"])


@pytest.mark.parametrize("format_", FORMATS)
def test_what_is_clean_ends_with_0(run: Any, write: Any, format_: str) -> None:
    write("a.json", app())
    ended = run("a.json", "--format", format_)
    assert (ended.status, ended.err) == (0, "")


@pytest.mark.parametrize("format_", FORMATS)
def test_findings_end_with_1_in_every_format(run: Any, write: Any, format_: str) -> None:
    write("a.json", sticky())
    ended = run("a.json", "--format", format_)
    assert (ended.status, ended.err) == (1, "")
    assert "is read as false" in ended.out


@pytest.mark.parametrize(
    ("made", "options", "status"),
    [
        (sticky, ["--fail-on", "error"], 0),
        (sticky, ["--fail-on", "warning"], 1),
        (sticky, ["--fail-on", "info"], 1),
        (broken, ["--fail-on", "error"], 1),
        (broken, ["--fail-on", "never"], 0),
        (broken, ["--exit-zero"], 0),
        (broken, ["--exit-zero", "--fail-on", "error"], 0),
    ],
)
def test_what_fails_can_be_chosen(
    run: Any, write: Any, made: Callable[[], Any], options: list[str], status: int
) -> None:
    write("a.json", made())
    ended = run("a.json", "--format", "concise", *options)
    assert ended.status == status
    assert "a.json:5" in ended.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument 'PATH...'"),
        (["a.json", "--select", "LBG77"], "there is no rule 'LBG77'"),
        (["a.json", "--ignore", "label-bool-unknwon"], "did you mean label-bool-unknown (LBG104)?"),
        (["a.json", "--config", "nowhere.toml"], "nowhere.toml: the settings cannot be read: No such file"),
        (["a.json", "--config", "bad.toml"], "bad.toml:2:1: there is no setting 'selct'"),
        (["a.json", "--config", "bad.toml", "--isolated"], "give one of them"),
        (["a.json", "--baseline", "nowhere.json"], "nowhere.json: there is no such file"),
        (["a.json", "--write-baseline"], "there is no file to write to"),
        (["a.json", "--against", "nowhere.json"], "nowhere.json: there is no such file"),
        (["a.json", "--against", "http://127.0.0.1:1"], "cannot read http://127.0.0.1:1: there is no connection"),
        (["a.json", "--templates", "nowhere"], "--templates: nowhere is no directory"),
        (["a.json", "--target", "1.9"], "'1.9' is no version of HAProxy"),
        (["a.json", "--output-file", "no/such/directory.txt"], "cannot write no/such/directory.txt"),
        (["a.json", "--statistics", "--format", "sarif"], "--statistics goes with --format text"),
        (["a.json", "--image", "haproxy:3.2"], "--image goes with --check container or auto"),
    ],
)
def test_what_cannot_run_ends_with_2(run: Any, write: Any, arguments: list[str], said: str) -> None:
    write("a.json", app())
    write("bad.toml", '[lint]\nselct = ["LBG5"]\n')
    ended = run(*arguments)
    assert ended.status == 2
    assert said in ended.err
    assert ended.out == ""


@pytest.mark.parametrize("format_", FORMATS)
def test_broken_input_is_a_finding_and_the_rest_is_linted(run: Any, write: Any, format_: str) -> None:
    write("a.json", sticky())
    write("b.json", '{"id": ')
    ended = run("a.json", "b.json", "nowhere.json", "--format", format_)
    assert (ended.status, ended.err) == (1, "")
    assert "is read as false" in ended.out
    assert "b.json" in ended.out
    assert "nowhere.json" in ended.out


@pytest.mark.parametrize("format_", FORMATS)
def test_where_no_path_can_be_opened_nothing_ran(run: Any, format_: str) -> None:
    ended = run("nowhere.json", "--format", format_)
    assert ended.status == 2
    assert "nowhere.json" in ended.out


def test_a_file_that_is_no_json_is_a_finding(run: Any, write: Any) -> None:
    write("a.json", "{")
    ended = run("a.json", "--format", "json", "--select", "LBG5")
    assert (ended.status, codes(ended.out)) == (1, ["invalid-json"])


def test_rules_are_chosen_by_code_name_and_prefix(run: Any, write: Any) -> None:
    write("a.json", [sticky(), broken("/other", 10002)])
    both = ["label-bool-unknown", "label-not-integer"]
    for words in (["LBG104"], ["label-bool-unknown"], ["lbg104"]):
        assert codes(run("a.json", "--format", "json", "--select", *words).out) == both[:1]
    assert codes(run("a.json", "--format", "json", "--select", "LBG10").out) == both
    assert codes(run("a.json", "--format", "json", "--select", "LBG103,LBG104").out) == both
    assert codes(run("a.json", "--format", "json", "--select", "LBG103", "--select", "LBG104").out) == both
    assert codes(run("a.json", "--format", "json", "--select", "LBG5", "--extend-select", "LBG103").out) == both[1:]
    assert codes(run("a.json", "--format", "json", "--ignore", "LBG103").out) == both[:1]
    assert run("a.json", "--ignore", "LBG1").status == 0


def test_ignoring_a_rule_does_not_bring_up_what_it_says_better(run: Any, write: Any) -> None:
    write("a.json", broken())
    assert run("a.json", "--ignore", "label-not-integer", "--format", "concise") == ("", "", 0)


def test_remarks_are_for_the_pedantic(run: Any, write: Any) -> None:
    write("a.json", app(VHOST="a.example.com", STICKY="true", BACKEND_WEIGHT="0", PATH="/a"))
    assert run("a.json").out == ""
    told = run("a.json", "--pedantic", "--format", "concise")
    assert ": info[" in told.out
    assert told.status == 0
    assert run("a.json", "--fail-on", "info").status == 1


def test_the_last_line_says_what_to_do(run: Any, write: Any) -> None:
    write("a.json", sticky())
    assert run("a.json").out.splitlines()[-1].startswith("1 warning in 1 file; lbgen lint --fix")


def test_statistics(run: Any, write: Any) -> None:
    write("a.json", [sticky(), sticky("/b", 10002), broken("/c", 10003)])
    ended = run("a.json", "--statistics")
    assert ended == (
        "      2  LBG104  label-bool-unknown  (2 fixable)\n      1  LBG103  label-not-integer\n",
        "",
        1,
    )
    found = json.loads(run("a.json", "--statistics", "--format", "json").out)
    assert found["version"] == 1
    assert found["statistics"][0] == {"code": "LBG104", "rule": "label-bool-unknown", "count": 2, "fixable": 2}


def test_a_file_takes_the_findings(run: Any, write: Any) -> None:
    write("a.json", sticky())
    assert run("a.json", "--format", "concise", "--output-file", "found.txt") == ("", "", 1)
    assert Path("found.txt").read_text() == STICKY


def test_standard_input_has_a_name(run: Any) -> None:
    raw = json.dumps(sticky(), indent=2).encode()
    assert run("-", "--stdin-filename", "a.json", "--format", "concise", stdin=raw).out == STICKY
    assert run("-", "--format", "concise", stdin=raw).out.startswith("<stdin>:5:25: ")
    text = b"backend web\n  timeout client 10s\n  server web 10.0.0.1:80\n"
    assert run("-", "--stdin-filename", "haproxy.cfg", "--format", "concise", stdin=text).out.startswith("haproxy.cfg:")


def test_files_are_excluded_by_patterns(run: Any, write: Any) -> None:
    for name in ("a.json", "old/a.json", "old/b.json"):
        write(name, sticky(f"/{name}".replace(".", "-"), 10001 + len(name)))
    assert run(".", "--show-files") == ("a.json\nold/a.json\nold/b.json\n", "", 0)
    assert run(".", "--exclude", "old", "--show-files").out == "a.json\n"
    assert run(".", "--exclude", "old/a*,a.json", "--show-files").out == "old/b.json\n"
    assert run("a.json", "--exclude", "*.json") == ("", "lbgen: nothing is read: all files are excluded\n", 0)
    assert run("a.json", "--exclude", "*.json", "-q") == ("", "", 0)


def test_colours_by_the_usual_rules(run: Any, write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.json", sticky())
    colored = "\x1b[1;33m"
    assert colored not in run("a.json").out
    assert colored in run("a.json", "--color", "always").out
    monkeypatch.delenv("NO_COLOR")
    assert colored not in run("a.json").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert colored in run("a.json").out
    assert colored not in run("a.json", "--color", "never").out
    assert colored not in run("a.json", "--format", "concise").out


def test_within_github_its_own_format_is_spoken(run: Any, write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.json", sticky())
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert run("a.json").out.startswith("::warning ")
    assert run("a.json", "--format", "concise").out == STICKY


def test_many_findings_of_one_kind_are_counted_unless_somebody_wants_all(run: Any, write: Any) -> None:
    write("a.json", [sticky(f"/{number}", 10001 + number) for number in range(20)])
    assert len(run("a.json", "--format", "concise").out.splitlines()) < 10
    assert len(run("a.json", "--format", "concise", "-v").out.splitlines()) == 20


def test_settings_are_used_and_the_command_line_beats_them(run: Any, write: Any) -> None:
    write("apps/a.json", [sticky(), broken("/other", 10002)])
    write("lbgen.toml", '[lint]\nselect = ["LBG104"]\nfail-on = "error"\n')
    ended = run("apps", "--format", "json")
    assert (codes(ended.out), ended.status) == (["label-bool-unknown"], 0)
    assert codes(run("apps", "--format", "json", "--select", "LBG103").out) == ["label-not-integer"]
    assert run("apps", "--fail-on", "warning").status == 1
    assert len(codes(run("apps", "--format", "json", "--isolated").out)) == 2
    write("other.toml", '[lint]\nignore = ["ALL"]\n')
    assert run("apps", "--config", "other.toml") == ("", "", 0)


def test_settings_describe_the_load_balancer(run: Any, write: Any) -> None:
    write("a.json", app(port=20000))
    assert codes(run("a.json", "--format", "json").out) == ["port-outside-service-range"]
    write("pyproject.toml", '[tool.lbgen]\nservice-ports = "20000-20100"\n')
    assert run("a.json") == ("", "", 0)
    assert run("a.json", "--service-ports", "10000-10100").status == 1


def test_an_unknown_rule_in_settings_has_its_place(run: Any, write: Any) -> None:
    write("a.json", app())
    write("lbgen.toml", '[lint]\nignore = ["vhost-wildcrd"]\n')
    ended = run("a.json")
    assert ended.status == 2
    assert "lbgen.toml:2:1: there is no rule 'vhost-wildcrd'" in ended.err
    write("lbgen.toml", '[lint.per-app-ignores]\n"/nobody" = ["vhost-wildcrd"]\n')
    assert run("a.json").status == 2


def test_settings_are_shown_with_their_places(run: Any, write: Any) -> None:
    write("lbgen.toml", 'target = "3.0"\n[lint]\nignore = ["LBG5"]\n')
    out = run("--show-settings", "--fail-on", "error").out.splitlines()
    assert out[0] == "# lbgen.toml"
    assert 'target = "3.0"  # line 1' in out
    assert 'ignore = ["LBG5"]  # line 3' in out
    assert 'fail-on = "error"  # command line' in out
    assert 'service-ports = "10000-10150"  # default' in out
    assert "# select is not set" in out


def test_rules_are_ignored_by_path_and_app(run: Any, write: Any) -> None:
    write("legacy/a.json", sticky("/old/shop", 10001))
    write("apps/b.json", sticky("/shop", 10002))
    write("apps/c.json", sticky("/team/shop", 10003))

    def found() -> list[str]:
        return [each["app"] for each in json.loads(run(".", "--format", "json").out)["findings"]]

    assert found() == ["/shop", "/team/shop", "/old/shop"]
    write("lbgen.toml", '[lint.per-path-ignores]\n"legacy/**" = ["LBG1"]\n')
    assert found() == ["/shop", "/team/shop"]
    write("lbgen.toml", '[lint.per-app-ignores]\n"/team/*" = ["label-bool-unknown"]\n"/old/**" = ["ALL"]\n')
    assert found() == ["/shop"]


def test_patterns_are_seen_from_the_file_that_has_them(
    run: Any, write: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write("apps/legacy/a.json", sticky())
    write("lbgen.toml", '[lint.per-path-ignores]\n"apps/legacy/*" = ["LBG1"]\n')
    monkeypatch.chdir(tmp_path / "apps")
    assert run("legacy/a.json").status == 0
    write("lbgen.toml", '[lint]\nexclude = ["apps/legacy"]\n')
    assert run("legacy").err == "lbgen: nothing is read: all files are excluded\n"


def test_severities_can_be_others(run: Any, write: Any) -> None:
    write("a.json", sticky())
    write("lbgen.toml", '[lint.severity]\nLBG1 = "info"\nlabel-bool-unknown = "error"\n')
    assert ": error[label-bool-unknown]" in run("a.json", "--format", "concise").out
    write("lbgen.toml", '[lint.severity]\nLBG104 = "info"\n')
    assert run("a.json") == ("", "", 0)


def test_the_same_is_said_twice_and_in_whatever_order(run: Any, write: Any) -> None:
    for number in range(4):
        write(f"{number}.json", sticky(f"/{number}", 10001, VHOST="a.example.com"))
    names = [f"{number}.json" for number in range(4)]
    first = run(*names, "--format", "json").out
    assert first == run(*names, "--format", "json").out
    assert first == run(".", "--format", "json").out


def test_no_name_is_looked_up_and_no_program_started(run: Any, write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket
    import subprocess

    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(subprocess, "Popen", refused)
    task = {"host": "agent.example.com", "ports": [31001]}
    write("a.json", {**app(VHOST="a.example.com"), "tasks": [task]})
    assert run("a.json") == ("", "", 0)
