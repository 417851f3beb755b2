"""Without a mode there is one generation, as with Marathon-LB: the file, the command that reloads, the end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from integration.live.balancer import labels

if TYPE_CHECKING:
    from integration.marathon_stub import Marathon

ROOT = Path(__file__).resolve().parents[2]


def run(marathon: Marathon, directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lbgen", "run", "marathon-lb", "--group", "external", "-m", marathon.url]
    command += ["--haproxy-config", str(directory / "haproxy.cfg"), "--state-dir", str(directory / "state")]
    command += ["--dont-bind-http-https", "--connect-timeout", "60", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def test_one_generation_is_written_and_reloaded_where_something_changed(marathon: Marathon, tmp_path: Path) -> None:
    refused = labels(HAPROXY_0_BACKEND_HTTP_OPTIONS="  http-request nonsense\n")
    marathon.deploy({"id": "/web", "portDefinitions": [{"port": 10001}], "labels": labels()})
    marathon.deploy({"id": "/bad", "portDefinitions": [{"port": 10002}], "labels": refused})
    marathon.deploy({"id": "/odd", "portDefinitions": [{"port": 10003}], "labels": labels(HAPROXY_0_PORT="https")})
    mark = tmp_path / "reloaded"
    reload = f"sh -c 'echo >> {mark}'"

    dry = run(marathon, tmp_path, "--dry")
    assert (dry.returncode, "backend web_10001" in dry.stdout) == (0, True), dry.stderr
    assert "the app /odd is left out: HAPROXY_0_PORT should be a whole number" in dry.stderr
    assert not (tmp_path / "haproxy.cfg").exists()

    first = run(marathon, tmp_path, "-c", reload, "--lru-cache-capacity", "9")
    assert first.returncode == 0, first.stderr
    assert "--lru-cache-capacity does nothing here" in first.stderr
    assert "the app /bad is left out: HAPROXY_0_BACKEND_HTTP_OPTIONS: " in first.stderr
    text = (tmp_path / "haproxy.cfg").read_text()
    assert ("backend web_10001" in text, "bad_10002" in text) == (True, False)
    assert mark.read_text() == "\n"

    marathon.deploy({"id": "/more", "portDefinitions": [{"port": 10004}], "labels": labels()})
    failed = run(marathon, tmp_path, "-c", "false")
    assert failed.returncode == 2
    assert "lbgen: error: HAProxy does not serve what is written: false ended with status 1" in failed.stderr
    assert "more_10004" not in (tmp_path / "haproxy.cfg").read_text()
    marathon.delete("/more")

    again = run(marathon, tmp_path, "-c", reload)
    assert again.returncode == 0, again.stderr
    assert mark.read_text() == "\n"
