"""`lbgen lint --check`: HAProxy's verdicts are findings at the label, or at the line that somebody wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.lint.apps import app
from tests.pipeline.test_checking import SCRIPT

if TYPE_CHECKING:
    from pathlib import Path

CONFIGURATION = "backend web\n  mode http\n  REFUSED\n  server web 10.0.0.1:80\n"
RULE = ("--select", "haproxy-refuses", "--format", "json")


@pytest.fixture
def haproxy(tmp_path: Path) -> tuple[str, ...]:
    """The options that ask a HAProxy that refuses every line with REFUSED in it."""
    binary = tmp_path / "haproxy"
    binary.write_text(SCRIPT)
    binary.chmod(0o755)
    return "--check", "binary", "--haproxy-bin", str(binary)


def told(out: str) -> list[tuple[Any, ...]]:
    return [(each["file"], each["line"], each["app"], each["label"]) for each in json.loads(out)["findings"]]


def bad(app_id: str = "/bad", port: int = 10001, **labels: str) -> dict[str, Any]:
    return app(app_id, port, MODE="http", BACKEND_HTTP_OPTIONS="  REFUSED\n", **labels)


def test_a_verdict_is_at_the_label(run: Any, write: Any, haproxy: tuple[str, ...]) -> None:
    write("a.json", [app("/a", 10002), bad()])
    ended = run("a.json", *haproxy, *RULE)
    assert told(ended.out) == [("a.json", 18, "/bad", "HAPROXY_0_BACKEND_HTTP_OPTIONS")]
    assert ended.status == 1
    assert "lbgen: checked with HAProxy 2.6.12" in ended.err


def test_a_verdict_on_a_file_is_at_its_line(run: Any, write: Any, haproxy: tuple[str, ...]) -> None:
    write("a.cfg", CONFIGURATION)
    assert told(run("a.cfg", *haproxy, *RULE).out) == [("a.cfg", 3, None, None)]


def test_every_group_and_every_file_is_asked_about(run: Any, write: Any, haproxy: tuple[str, ...]) -> None:
    inner = bad("/inner", 10003)
    inner["labels"]["HAPROXY_GROUP"] = "internal"
    write("a.json", [bad(), inner])
    write("a.cfg", CONFIGURATION)
    assert [file for file, *_ in told(run(".", *haproxy, *RULE).out)] == ["a.cfg", "a.json", "a.json"]


def test_nobody_is_asked_unless_it_is_said(run: Any, write: Any) -> None:
    write("a.json", bad())
    assert told(run("a.json", *RULE).out) == []


def test_where_there_is_no_haproxy_nothing_ran(run: Any, write: Any) -> None:
    write("a.json", app())
    ended = run("a.json", "--check", "binary", "--haproxy-bin", "/no/such/haproxy")
    assert (ended.status, ended.out) == (2, "")
    assert "/no/such/haproxy" in ended.err


def test_a_verdict_can_be_ignored_and_is_not_missed_without_a_check(
    run: Any, write: Any, haproxy: tuple[str, ...]
) -> None:
    write("a.json", bad(LBGEN_IGNORE="haproxy-refuses: this HAProxy is strange"))
    only = ("--select", "haproxy-refuses,unused-ignore", "--format", "json")
    assert run("a.json", *haproxy, *only).status == 0
    assert run("a.json", *only).status == 0


def test_a_verdict_can_be_known(run: Any, write: Any, haproxy: tuple[str, ...]) -> None:
    write("a.json", bad())
    given = ("a.json", "--baseline", "known.json", "--select", "haproxy-refuses,baseline-outdated")
    assert run(*given, *haproxy, "--write-baseline", "-q") == ("", "", 0)
    assert run(*given, *haproxy).status == 0
    assert run(*given) == ("", "", 0)
