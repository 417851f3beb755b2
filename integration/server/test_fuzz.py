"""Schemathesis finds no request that the server answers otherwise than it says it would."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import requests

from tests.server.documents import app, pool, pool_v1

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from integration.server.process import Process

# What a pool must be beyond its schema, no schema can say.
_WITHOUT = "positive_data_acceptance"
_SECONDS = 15


def test_no_request_is_answered_wrongly(start: Callable[..., Process], tmp_path: Path) -> None:
    tasks = tmp_path / "apps.json"
    tasks.write_text(json.dumps({"apps": [app(labels={"edgelb.expose": "true"})]}))
    server = start("--tasks", str(tasks))
    requests.post(f"{server.url}/v2/pools", json=pool(), timeout=60)
    requests.post(f"{server.url}/v1/loadbalancers", json=pool_v1(), timeout=60)
    options = ["--phases", "coverage,fuzzing", "--max-examples", "4", "--max-time", str(_SECONDS)]
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json", *options]
    command += ["--exclude-checks", _WITHOUT, "--no-color", "--workers", "1"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=400)
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    assert "Failures" not in ended.stdout
    assert "Traceback" not in server.log
    assert requests.get(f"{server.url}/ping", timeout=60).text == "pong"
