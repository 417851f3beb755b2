"""Schemathesis finds no request that the server answers otherwise than it says it would."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.server.documents import app, pool, pool_v1

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from integration.server.process import Process

# What a pool must be beyond its schema, no schema can say.
WITHOUT = ("--exclude-checks", "positive_data_acceptance")
PATIENT = ("--request-timeout", "120", "--suppress-health-check", "all", "--workers", "1", "--no-color")
ALIAS = "/v2/poolTemplates"
TOKEN = "only-for-this-test"


@pytest.fixture
def tasks(tmp_path: Path) -> str:
    """A file with an app that asks for a place in an auto pool."""
    path = tmp_path / "apps.json"
    path.write_text(json.dumps({"apps": [app(labels={"edgelb.expose": "true"})]}))
    return str(path)


def schemathesis(directory: Path, schema: object, *options: str) -> str:
    """What it says where it finds nothing."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(schema), *PATIENT, *options]
    ended = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False, timeout=500)
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    assert "Failures" not in ended.stdout
    return ended.stdout


def operations(description: Any) -> int:
    """How many there are, each counted once."""
    methods = {"get", "put", "post", "delete"}
    found = description["paths"].items()
    return sum(len(methods & each.keys()) for path, each in found if not path.startswith(ALIAS))


def unharmed(server: Process, **headers: str) -> None:
    """The server has failed nowhere, and is there."""
    assert "Traceback" not in server.log
    assert requests.get(f"{server.url}/ping", headers=headers, timeout=60).text == "pong"


def test_no_request_is_answered_wrongly(start: Callable[..., Process], tmp_path: Path, tasks: str) -> None:
    server = start("--tasks", tasks)
    requests.post(f"{server.url}/v2/pools", json=pool("web"), timeout=60)
    requests.post(f"{server.url}/v1/loadbalancers", json=pool_v1("old"), timeout=60)
    where = f"{server.url}/openapi.json"
    # The other spelling leads to the same functions; the description is asked for anyway, and left out.
    phases = ("--phases", "examples,coverage,fuzzing", "--max-examples", "2", "--exclude-path-regex", ALIAS)
    said = schemathesis(tmp_path, where, *phases, *WITHOUT)
    expected = operations(requests.get(where, timeout=60).json()) - 1
    assert [*map(int, re.findall(r"Tested: +(\d+)", said))] == [expected]
    unharmed(server)


def test_what_is_made_can_be_used_until_it_is_removed(
    start: Callable[..., Process], tmp_path: Path, tasks: str
) -> None:
    server = start("--tasks", tasks)
    schemathesis(tmp_path, f"{server.url}/openapi.json", "--phases", "stateful", "--max-examples", "15", *WITHOUT)
    unharmed(server)


def test_nobody_is_answered_without_the_token(start: Callable[..., Process], tmp_path: Path, tasks: str) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    server = start("--tasks", tasks, "--token-file", str(tmp_path / "token"))
    headers = {"Authorization": f"token={TOKEN}"}
    described = requests.get(f"{server.url}/openapi.json", headers=headers, timeout=60).json()
    # The description leaves open whether there is a token.
    (tmp_path / "openapi.json").write_text(json.dumps(described | {"security": [{"token": []}]}))
    options = ("--url", server.url, "--header", f"Authorization: token={TOKEN}", "--phases", "examples")
    checks = ("--checks", "ignored_auth,not_a_server_error,status_code_conformance")
    schemathesis(tmp_path, "openapi.json", *options, *checks)
    unharmed(server, **headers)
