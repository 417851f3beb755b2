"""`lbgen lint --fix`, `--unsafe-fixes` and `--diff`: what is written where, what is said, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lbgen.finding import Edit, Fix
from lbgen.origin import Position, Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.command import Ended

    Run = Callable[..., Ended]

TEXT = """\
{
  "id": "/shop",
  "ports": [10001],
  "labels": {
    "HAPROXY_GROUP": "external",
    "HAPROXY_0_STICKY": "off",
    "HAPROXY_0_USE_HSTS": "on"
  }
}
"""
SAFE = TEXT.replace('"off"', '"false"')
ALL = SAFE.replace('"on"', '"true"')
CHOSEN = ("--isolated", "--select", "label-bool-unknown", "--format", "concise")


@pytest.fixture(autouse=True)
def shop(run: Run) -> Path:
    """An app with a label that can be mended safely, and one that cannot, in the current directory."""
    path = Path("shop.json")
    path.write_text(TEXT)
    return path


def test_fix_mends_what_is_safe_and_tells_the_rest(run: Run, shop: Path) -> None:
    ended = run("lint", "shop.json", "--fix", *CHOSEN)
    assert shop.read_text() == SAFE
    assert ended.err == "lbgen: 1 finding in 1 file is fixed\n"
    assert [line.split(" ")[0] for line in ended.out.splitlines()] == ["shop.json:7:27:"]
    assert ended.status == 1


def test_unsafe_fixes_mend_everything(run: Run, shop: Path) -> None:
    ended = run("lint", "shop.json", "--fix", "--unsafe-fixes", *CHOSEN)
    assert shop.read_text() == ALL
    assert (ended.out, ended.status) == ("", 0)
    assert ended.err == "lbgen: 2 findings in 1 file are fixed\n"


def test_there_may_be_nothing_to_fix(run: Run, shop: Path) -> None:
    shop.write_text(ALL)
    ended = run("lint", "shop.json", "--fix", *CHOSEN)
    assert (ended.out, ended.err, ended.status) == ("", "lbgen: nothing is fixed\n", 0)


def test_diff_writes_nothing(run: Run, shop: Path) -> None:
    ended = run("lint", "shop.json", "--diff", *CHOSEN)
    assert shop.read_text() == TEXT
    assert ended.err == "lbgen: 1 finding in 1 file would be fixed\n"
    assert ended.status == 1
    assert (
        ended.out
        == """\
--- shop.json
+++ shop.json
@@ -3,7 +3,7 @@
   "ports": [10001],
   "labels": {
     "HAPROXY_GROUP": "external",
-    "HAPROXY_0_STICKY": "off",
+    "HAPROXY_0_STICKY": "false",
     "HAPROXY_0_USE_HSTS": "on"
   }
 }
"""
    )


def test_diff_shows_unsafe_fixes_when_asked_to(run: Run) -> None:
    ended = run("lint", "shop.json", "--diff", "--unsafe-fixes", *CHOSEN)
    assert [line for line in ended.out.splitlines() if line.startswith("+ ")] == [
        '+    "HAPROXY_0_STICKY": "false",',
        '+    "HAPROXY_0_USE_HSTS": "true"',
    ]


def test_diff_is_silent_where_nothing_would_change(run: Run, shop: Path) -> None:
    shop.write_text(SAFE)
    ended = run("lint", "shop.json", "--diff", *CHOSEN)
    assert (ended.out, ended.err, ended.status) == ("", "lbgen: nothing can be fixed\n", 0)


def test_exit_zero_holds_for_a_diff(run: Run) -> None:
    assert run("lint", "shop.json", "--diff", "--exit-zero", *CHOSEN).status == 0


def test_standard_input_goes_to_standard_output(run: Run, shop: Path) -> None:
    ended = run("lint", "-", "--fix", "--stdin-filename", "shop.json", *CHOSEN, stdin=TEXT.encode())
    assert ended.out == SAFE
    assert ended.err.startswith("lbgen: 1 finding in 1 file is fixed\nshop.json:7:27: ")
    assert ended.status == 1
    assert shop.read_text() == TEXT


def test_standard_input_without_anything_to_fix_comes_out_as_it_is(run: Run) -> None:
    assert run("lint", "-", "--fix", *CHOSEN, stdin=ALL.encode()).out == ALL


def test_what_is_ignored_is_not_fixed(run: Run, shop: Path) -> None:
    run("lint", "shop.json", "--fix", "--unsafe-fixes", "--isolated", "--ignore", "label-bool-unknown")
    assert '"off"' in shop.read_text()


def test_files_that_run_already_are_not_touched(run: Run) -> None:
    other = Path("running.json")
    other.write_text(TEXT.replace("/shop", "/running").replace("10001", "10002"))
    before = other.read_text()
    run("lint", "shop.json", "--fix", "--unsafe-fixes", "--against", "running.json", *CHOSEN)
    assert other.read_text() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--unsafe-fixes",), "--unsafe-fixes goes with --fix or --diff"),
        (("--fix", "--write-baseline", "--baseline", "b"), "--write-baseline does not go with --fix or --diff"),
        (("--diff", "--statistics"), "--statistics does not go with --fix or --diff"),
    ],
)
def test_options_that_do_not_go_together(run: Run, shop: Path, options: tuple[str, ...], said: str) -> None:
    ended = run("lint", "shop.json", *options, *CHOSEN)
    assert (ended.status, ended.out, shop.read_text()) == (2, "", TEXT)
    assert said in ended.err


def test_a_file_that_cannot_be_written_is_told(run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.mkstemp", full)
    ended = run("lint", "shop.json", "--fix", *CHOSEN)
    assert (ended.status, shop.read_text()) == (2, TEXT)
    assert "cannot write shop.json: No space left on device" in ended.err


@pytest.mark.parametrize("format_", ["json", "sarif", "github", "junit"])
def test_the_format_does_not_change_what_is_fixed(run: Run, shop: Path, format_: str) -> None:
    ended = run("lint", "shop.json", "--fix", *CHOSEN, "--format", format_)
    assert (shop.read_text(), ended.status) == (SAFE, 1)
    if format_ == "json":
        (finding,) = json.loads(ended.out)["findings"]
        assert finding["fix"]["edits"][0]["replacement"] == "true"


def test_templates_of_the_operators_are_mended_too(run: Run) -> None:
    head = Path("templates/HAPROXY_HEAD")
    head.parent.mkdir()
    head.write_text("global\n  daemon\n  stats socket /run/haproxy.sock\n")
    given = ("--templates", "templates", "--dialect", "marathon-lb", "--isolated", "--select", "head-outdated")
    ended = run("lint", "shop.json", "--fix", *given)
    assert head.read_text() == "global\n  stats socket /run/haproxy.sock expose-fd listeners\n"
    assert (ended.err, ended.status) == ("lbgen: 2 findings in 1 file are fixed\n", 0)


@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_a_fix_that_fails_is_told_and_nothing_is_written(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    breaking = Fix("break it", (Edit("shop.json", "}", span=Span(Position(1, 1), Position(1, 2))),), safe=True)
    monkeypatch.setattr("lbgen.lint.rules.values.label_bool_unknown._fix", lambda *_: breaking)
    ended = run("lint", "shop.json", option, *CHOSEN)
    assert shop.read_text() == TEXT
    assert "[internal-error] LBG909 the fix of label-bool-unknown would make something else" in ended.out + ended.err
    assert ended.status == (1 if option == "--fix" else 0)


def test_what_an_alias_repeats_is_left_to_people(run: Run) -> None:
    anchored = Path("anchored.yaml")
    text = 'id: /a\nports: [10001]\nlabels:\n  HAPROXY_GROUP: external\n  HAPROXY_0_STICKY: &x "off"\n  team: *x\n'
    anchored.write_text(text)
    ended = run("lint", "anchored.yaml", "--fix", "--isolated", "--select", "label-bool-unknown")
    assert anchored.read_text() == text
    assert '= fix: write "false" (by hand)' in ended.out
    assert ended.out.endswith("1 warning in 1 file; lbgen rule LBG104 explains it\n")
