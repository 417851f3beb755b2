"""The options of `lbgen serve edge-lb`: what is refused before anything is served."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lbgen.cli.serving_edge_lb import address, first_line
from lbgen.errors import UsageError
from tests.console import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def refused(*options: str, state: Path) -> str:
    command = [sys.executable, "-m", "lbgen", "serve", "edge-lb", *options]
    environ = {**os.environ, "XDG_STATE_HOME": str(state)}
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 2, ended
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""
    return ended.stderr


def test_a_public_address_needs_a_token(tmp_path: Path) -> None:
    said = refused("--listen", "0.0.0.0:0", "--data", str(tmp_path), state=tmp_path)
    assert "reached from other machines, and there is no token" in said
    assert "--token-file" in said


def test_tasks_come_from_one_place(tmp_path: Path) -> None:
    options = ("--mesos", "http://m", "--marathon", "http://m", "--data", str(tmp_path), "--listen", "127.0.0.1:0")
    assert "--marathon and --mesos: tasks come from one of them" in refused(*options, state=tmp_path)


def test_a_directory_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    options = ("--data", str(tmp_path / "file" / "data"), "--listen", "127.0.0.1:0")
    assert "cannot keep pools" in refused(*options, state=tmp_path)


@pytest.mark.parametrize(
    ("text", "found"),
    [("127.0.0.1:5555", ("127.0.0.1", 5555)), ("[::1]:0", ("::1", 0)), ("localhost:80", ("localhost", 80))],
)
def test_addresses(text: str, found: tuple[str, int]) -> None:
    assert address(text) == found


@pytest.mark.parametrize(
    "text",
    ["", "5555", ":5555", "localhost", "localhost:x", "localhost:70000", "a b:1", "*:80", "127.0.0.1:" + "9" * 5000],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match="no address and port"):
        address(text)


def test_a_token_is_the_first_line(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("correct-horse\nsomething else\n")
    assert first_line(file, "--token-file") == "correct-horse"


@pytest.mark.parametrize(
    "text", ["", "\n", "abcdefg\n", "        \n", "tab\tinside-of-it\n", "caf\xe9caf\xe9caf\xe9\n"], ids=[*"012345"]
)
def test_what_is_no_token(tmp_path: Path, text: str) -> None:
    file = tmp_path / "token"
    file.write_text(text)
    with pytest.raises(UsageError, match="--token-file") as raised:
        first_line(file, "--token-file")
    assert text.strip() == "" or text.strip() not in str(raised.value)


def test_a_token_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        first_line(tmp_path / "token", "--token-file")
