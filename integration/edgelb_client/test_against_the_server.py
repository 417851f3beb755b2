"""The client and lbgen's own server, each in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from integration.server.process import Process
from tests.console import ROOT, Session, sessions
from tests.edgelb_client.pools import V1, V2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Ask = Callable[..., subprocess.CompletedProcess[str]]

TOKEN = "only-for-this-test"


def asking(url: str) -> Ask:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("LBGEN_EDGELB_")}

    def ask(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "lbgen", "edgelb", *map(str, arguments)],
            cwd=ROOT,
            env={**environ, "LBGEN_EDGELB_URL": url, "LBGEN_EDGELB_TOKEN": TOKEN, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return ask


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Runs `lbgen edgelb` on a server of its own, which asks for a token."""
    secret = tmp_path / "token"
    secret.write_text(f"{TOKEN}\n")
    process = Process(tmp_path / "data", "--token-file", str(secret), "--check-timeout", "300")
    try:
        yield asking(process.url)
    finally:
        process.kill()


def told(ended: subprocess.CompletedProcess[str], status: int = 0) -> str:
    assert ended.returncode == status, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout


def file_of(tmp_path: Path, pool: Any) -> Path:
    path = tmp_path / f"{pool['name']}.json"
    path.write_text(json.dumps(pool))
    return path


def test_pools_come_and_go(ask: Ask, tmp_path: Path) -> None:
    assert told(ask("ping")) == "pong\n"
    told(ask("create", file_of(tmp_path, V2)))
    assert "already exists (409)" in ask("create", file_of(tmp_path, V2)).stderr
    told(ask("create", file_of(tmp_path, V1 | {"name": "api"})))
    assert [line.split()[:2] for line in told(ask("list")).splitlines()[1:]] == [["api", "V1"], ["web", "V2"]]

    shown = tmp_path / "shown.json"
    shown.write_text(told(ask("show", "web", "--json")))
    changed = json.loads(shown.read_text()) | {"count": 3}
    shown.write_text(json.dumps(changed))
    assert json.loads(told(ask("update", "--json", shown))) == changed
    old = tmp_path / "old.json"
    old.write_text(told(ask("show", "api", "--json")))
    assert told(ask("update", old)).startswith("Successfully updated api.")

    for name in ("web", "api"):
        assert told(ask("delete", name)).startswith(f"Successfully deleted {name}.")
    gone = ask("show", "web")
    assert (told(gone, 1), gone.stderr) == ("", "lbgen: refused: pool web not found (404)\n")


def test_what_is_known_of_a_pool(ask: Ask, tmp_path: Path) -> None:
    told(ask("create", file_of(tmp_path, V2)))
    assert told(ask("status", "web")).splitlines()[1].split() == ["web", "V2", "2", "-", "-", "ready"]
    assert [line.split()[:2] for line in told(ask("endpoints", "web")).splitlines()[1:4]] == [
        ["frontend_0.0.0.0_80", "80"],
        ["frontend_0.0.0.0_8080", "8080"],
        ["stats", "9091"],
    ]
    raw = told(ask("lb-config", "web", "--raw"))
    assert told(ask("lb-config", "web")) == "".join(f"{line}\n" for line in raw.split("\n") if line.strip())
    assert "old.example.org:81" in raw


def test_templates(ask: Ask, tmp_path: Path) -> None:
    told(ask("create", file_of(tmp_path, V2)))
    built_in = told(ask("template", "show"))
    own = tmp_path / "own.j2"
    own.write_text(f"# mine\n{built_in}")
    assert told(ask("template", "create", "web", own)) == "Successfully created template for web.\n"
    assert told(ask("template", "show", "web")) == own.read_text()
    assert "# mine" in told(ask("lb-config", "web"))
    told(ask("template", "delete", "web"))
    assert told(ask("template", "show", "web")) == built_in

    told(ask("pool-template", "create", "dobby"))
    assert told(ask("pool-template", "list")) == "  NAME\n  dobby\n"
    assert told(ask("pool-template", "status", "dobby")).splitlines()[1].split()[:2] == ["dobby", "NO_TASKS"]
    text = told(ask("pool-template", "show", "dobby"))
    own.write_text(text.replace("count=1", "count=2"))
    told(ask("pool-template", "update", "dobby", own))
    assert told(ask("pool-template", "show", "dobby")) == own.read_text() != text
    told(ask("pool-template", "reset", "dobby"))
    assert told(ask("pool-template", "show", "dobby")) == text
    told(ask("pool-template", "delete", "dobby"))
    told(ask("pool-template", "show", "dobby"), 1)


def test_faults_that_only_the_server_finds(ask: Ask, tmp_path: Path) -> None:
    faulty = V2 | {"name": "Web"}
    told(ask("create", file_of(tmp_path, faulty)), 1)
    refused = ask("create", "--no-check", file_of(tmp_path, faulty))
    assert told(refused, 1) == ""
    assert refused.stderr.startswith("lbgen: refused: pool.name: Web invalid")


def test_whoever_has_no_token(ask: Ask) -> None:
    for given, said in (("", "wants a token (401)"), ("another-one", "does not accept the token (401)")):
        ended = ask("list", LBGEN_EDGELB_TOKEN=given)
        assert told(ended, 2) == ""
        assert said in ended.stderr


def test_sessions_of_the_documentation(ask: Ask) -> None:
    """They stand in the order in which somebody would type them."""
    found: list[Session] = sessions("docs/edge-lb-client.md")
    assert len(found) > 5
    for session in found:
        output = told(ask(*session.arguments[1:]))
        assert session.matches(output), output


def test_of_two_operators_the_slower_one_is_told(ask: Ask, tmp_path: Path) -> None:
    told(ask("create", file_of(tmp_path, V2)))
    etag = told(ask("show", "web", "--etag")).strip()
    mine, theirs = tmp_path / "mine.json", tmp_path / "theirs.json"
    theirs.write_text(json.dumps(V2 | {"count": 3}))
    mine.write_text(json.dumps(V2 | {"count": 4}))
    told(ask("update", "--if-match", etag, theirs))
    late = ask("update", "--if-match", etag, mine)
    assert told(late, 1) == ""
    assert "lbgen: refused: pool web has been changed meanwhile: read it again (412)\n" in late.stderr
    assert json.loads(told(ask("show", "web", "--json")))["count"] == 3
    told(ask("update", mine))
    assert json.loads(told(ask("show", "web", "--json")))["count"] == 4
