"""One run of the command, as far as it goes without HAProxy."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from lbgen import source
from lbgen.cli import emulating
from lbgen.emulate.reading import Read, Wanted
from lbgen.finding import Finding, Severity
from lbgen.pipeline.checking import Checking
from lbgen.pipeline.options import Options
from lbgen.pipeline.pools import PoolOptions

if TYPE_CHECKING:
    from pathlib import Path

_GIVEN: dict[str, Any] = {"seconds": None, "verbose": False, "quiet": False, "once": False, "color": "never"}


def wanted(path: Path) -> Wanted:
    return Wanted(
        paths=[str(path)],
        tasks=(),
        options=Options(environ={}),
        pool_options=PoolOptions(),
        checking=Checking("auto", None, None),
    )


def run(path: Path, stop: threading.Event) -> int:
    return emulating._Run(wanted(path), _GIVEN, stop).run()


def test_ctrl_c_while_haproxy_is_asked_is_an_end_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = threading.Event()

    def interrupted(_: Wanted) -> Read:
        stop.set()
        return Read(findings=[Finding("haproxy-refuses", Severity.ERROR, "HAProxy crashed (SIGINT)")])

    monkeypatch.setattr(emulating, "read", interrupted)
    assert run(tmp_path, stop) == 0
    assert "".join(capsys.readouterr()) == ""


@pytest.mark.parametrize(("text", "advised"), [('{"labels": {"edgelb.expose": "true"}}', True), ("{}", False)])
def test_who_names_apps_for_edge_lb_is_told_of_the_option(
    text: str, advised: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "app.json"
    path.write_text(text)
    document = source.read(path)
    found = Read(findings=[Finding("no-app-in-group", Severity.ERROR, "nobody")], documents={document.name: document})
    monkeypatch.setattr(emulating, "read", lambda _: found)
    assert run(path, threading.Event()) == 2
    assert ("with --auto-pools" in capsys.readouterr().err) is advised


def test_an_app_without_tasks_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = [Finding("no-server", Severity.INFO, "no task"), Finding("planned", Severity.INFO, "planned")]
    monkeypatch.setattr(emulating, "read", lambda _: Read(findings=findings))
    assert run(tmp_path, threading.Event()) == 2
    told = capsys.readouterr().err
    assert "no-server" in told
    assert "planned" not in told
