"""The README tells the truth: its commands are there, its output is what they print."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.console import ROOT, Session, sessions

README = (ROOT / "README.md").read_text()


def printed(*arguments: str) -> str:
    command = [sys.executable, "-m", "lbgen", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    # Lint has something to say of an example.
    assert ended.returncode in {0, 1}, ended.stderr
    return ended.stdout


# Where HAProxy speaks, the tests with a real one listen.
_WITHOUT_HAPROXY = [each for each in sessions() if not {"--check", "emulate"} & set(each.arguments)]


@pytest.mark.parametrize("session", _WITHOUT_HAPROXY, ids=str)
def test_output_is_what_the_command_prints(session: Session) -> None:
    output = printed(*session.arguments)
    assert session.matches(output), output


def test_ellipses_stand_for_whole_lines() -> None:
    session = Session((), "a\n...\nd\n")
    assert session.matches("a\nd\n")
    assert session.matches("a\nb\nc\nd\n")
    assert not session.matches("a\nb\nc\n")
    assert not session.matches("ab\nd\n")


def test_labels_are_those_of_the_example() -> None:
    shown = re.search(r"^```json\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert shown is not None
    example = json.loads((ROOT / "examples" / "kubectl-proxy.json").read_text())
    assert json.loads(f"{{{shown[1]}}}")["labels"] == example["labels"]


def test_the_table_lists_every_command() -> None:
    table = re.findall(r"^\| `lbgen ([a-z0-9 -]+?)(?: -| [A-Z]|`)", README, re.MULTILINE)
    assert set(table) == set(commands())


def commands(*group: str) -> list[str]:
    """All commands below the group, as `--help` tells them."""
    _, _, below = printed(*group, "--help").partition("\nCommands:\n")
    names = re.findall(r"^  ([a-z0-9-]+)  ", below, re.MULTILINE)
    return [each for name in names for each in commands(*group, name)] or [" ".join(group)]


def test_commands_name_files_that_exist() -> None:
    for path in re.findall(r"(?:examples|tools|docs)/[\w./-]+\w", README):
        assert (ROOT / path).exists(), path
