"""`lbgen haproxy from-marathon`: the same configuration as from a saved reply, from whoever answers."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import requests

from integration.live_marathon.reaching import NOBODY, WEB
from integration.marathon_stub import Marathon, faults, run_marathon
from integration.marathon_stub.guards import BasicAuth

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hunter2hunter2"
SERVED: dict[str, Any] = {**WEB, "labels": {"HAPROXY_GROUP": "external", "HAPROXY_0_VHOST": "web.example.org"}}


@pytest.fixture
def marathon(marathon: Marathon) -> Marathon:
    marathon.deploy(SERVED)
    return marathon


def lbgen(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lbgen", "haproxy", *map(str, arguments)]
    mine = {
        name: value for name, value in os.environ.items() if not name.startswith(("MARATHON_", "DCOS_", "HAPROXY_"))
    }
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=300, env={**mine, **environment}
    )
    assert "Traceback" not in ended.stderr
    assert SECRET not in ended.stdout + ended.stderr
    return ended


@pytest.mark.parametrize("dialect", ["portable", "marathon-lb"])
def test_writes_what_a_saved_reply_gives(marathon: Marathon, tmp_path: Path, dialect: str) -> None:
    saved = tmp_path / "apps.json"
    saved.write_bytes(requests.get(f"{marathon.url}/v2/apps?embed=apps.tasks", timeout=60).content)
    live = lbgen("from-marathon", NOBODY, marathon.url, "--dialect", dialect)
    assert (live.stderr, live.returncode) == ("", 0)
    task = marathon.tasks("/web")[0]
    assert f" {task['host']}:{task['ports'][0]} " in live.stdout
    assert live.stdout == lbgen("from-app", saved, "--dialect", dialect).stdout


def test_writes_files_and_leaves_out_what_is_bad(marathon: Marathon, tmp_path: Path) -> None:
    bad = {**SERVED, "id": "/bad", "labels": {**SERVED["labels"], "HAPROXY_0_PORT": "https"}}
    marathon.deploy({**bad, "portDefinitions": [{"port": 10002}]})
    written = tmp_path / "haproxy.cfg"
    ended = lbgen("from-marathon", marathon.url, "--haproxy-map", "-o", written)
    assert ended.returncode == 1
    assert f"{marathon.url}/v2/apps: error[bad-label-value]" in ended.stderr
    assert "/bad is left out; 1 app is served" in ended.stderr
    assert "backend web_10001" in written.read_text()
    assert (tmp_path / "domain2backend.map").read_text() == "web.example.org web_10001\n"


def test_leaves_the_file_alone_where_nobody_answers(marathon: Marathon, tmp_path: Path) -> None:
    marathon.fail(faults.html())
    written = tmp_path / "haproxy.cfg"
    written.write_text("as it was\n")
    ended = lbgen("from-marathon", NOBODY, marathon.url, "-o", written)
    assert ended.returncode == 2
    page = "answers with a page for people, as a proxy or a login would"
    assert ended.stderr == f"lbgen: error: {NOBODY} refuses the connection; {marathon.url} {page}\n"
    assert written.read_text() == "as it was\n"


class TestCredentials:
    @pytest.fixture(autouse=True)
    def _guarded(self, marathon: Marathon) -> None:
        marathon.guard = BasicAuth("lb", SECRET)

    def test_come_from_options_or_the_environment(self, marathon: Marathon, tmp_path: Path) -> None:
        file = tmp_path / "credentials"
        file.write_text(f"lb:{SECRET}\nsomething else\n")
        for options, environment in (
            (["--marathon-auth-credential-file", file], {}),
            (["--auth-credentials", f"lb:{SECRET}"], {}),
            ([], {"MARATHON_USER": "lb", "MARATHON_PASSWORD": SECRET}),
        ):
            assert lbgen("from-marathon", marathon.url, *options, **environment).returncode == 0

    def test_are_never_told(self, marathon: Marathon, tmp_path: Path) -> None:
        url = marathon.url.replace("//", f"//somebody:{SECRET}@")
        assert "does not accept the credentials (401)" in lbgen("from-marathon", url, "-v").stderr
        file = tmp_path / "credentials"
        file.write_text(SECRET)
        ended = lbgen("from-marathon", marathon.url, "--marathon-auth-credential-file", file)
        assert ended.stderr == f"lbgen: error: the first line of {file} should be user:password in one line\n"
        ended = lbgen("from-marathon", marathon.url, "--dcos-auth-credentials", f'{{"private_key": "{SECRET}"}}')
        assert ended.stderr == 'lbgen: error: --dcos-auth-credentials has no "uid"\n'
        ended = lbgen("from-marathon", f"https://lb:{SECRET}@")
        assert ended.returncode == 2


def test_time_limits_are_kept() -> None:
    with run_marathon() as deaf:
        deaf.fail(faults.hang())
        ended = lbgen("from-marathon", deaf.url, "--read-timeout", "1")
    assert ended.stderr == f"lbgen: error: {deaf.url} falls silent\n"
