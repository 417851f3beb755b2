"""What lint does not tell by reading files alone, each rule on inputs and command lines of its own.

`commands/<rule>` and `commands/<rule>_ok` are directories: `run` holds command lines of lbgen, which are run there one
after the other, and `expected` what they have to say of the rule. `{haproxy}` is a program that takes the messages of
HAProxy out of the comments of the configuration. `-v`, and `--pedantic` of lint, need not be said.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.command import runner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMANDS = Path(__file__).parent / "commands"
HAPROXY = """#!/bin/sh
if [ "$1" = -v ]; then echo "HAProxy version 3.2.5 2026/10/17"; exit; fi
for file; do :; done
sed -n 's/.* # \\(ALERT\\|WARNING\\|NOTICE\\|DIAG\\): \\(.*\\)/\\1 \\2/;T;=;p' "$file" |
while read line && read level text; do
  echo "[$level]    (7) : config : parsing [$file:$line] : $text"
done >&2
! grep -q ' # ALERT: ' "$file"
"""
_TOLD = re.compile(r"(?P<place>\S.*): (?:error|warning|info)\[(?P<rule>[\w-]+)\] LBG\d+ .*")


def command_fixtures(rule: str, *, ok: bool) -> list[Path]:
    """The fixtures of a rule."""
    wanted = f"{rule}_ok" if ok else rule
    return sorted(path for path in COMMANDS.iterdir() if path.name.split(".")[0] == wanted)


def of_command(path: Path) -> str:
    """The rule that a fixture is for."""
    return path.name.split(".")[0].removesuffix("_ok")


@pytest.fixture
def told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[[Path], Iterator[str]]:
    """What the command lines of a fixture have to say of its rule, as they say it."""
    lbgen = runner(monkeypatch, capsys)
    for name in [name for name in os.environ if name.startswith(("HAPROXY_", "FRAMEWORK_", "FORCE_", "GITHUB_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_COLOR", "1")

    def lines(path: Path) -> Iterator[str]:
        here = tmp_path / "here"
        shutil.copytree(path, here)
        binary = tmp_path / "haproxy"
        binary.write_text(HAPROXY)
        binary.chmod(0o755)
        monkeypatch.chdir(here)
        for line in (path / "run").read_text().splitlines():
            words = shlex.split(line.replace("{haproxy}", str(binary)))
            more = ["--format", "text", "--pedantic"] if words[0] == "lint" else []
            ended = lbgen(*words, "-v", *more)
            for said in (ended.out + ended.err).splitlines():
                found = _TOLD.fullmatch(said)
                if found is not None and found["rule"] == of_command(path):
                    yield said.replace(str(tmp_path), "")

    return lines


ALL = sorted(COMMANDS.iterdir())


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_commands_tell_what_is_bad_and_nothing_of_what_is_fine(path: Path, told: Any) -> None:
    fine = path.name.split(".")[0].endswith("_ok")
    found = list(told(path))
    assert fine != bool(found)
    assert fine or "\n".join(found) == (path / "expected").read_text().rstrip("\n")
