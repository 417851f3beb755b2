"""The command that reloads somebody else's HAProxy."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from lbgen.errors import UsageError
from lbgen.live.haproxy import command


def python(script: str) -> tuple[str, ...]:
    return sys.executable, "-c", script


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/reload.sh", ("/reload.sh",)),
        ("  docker exec 'my lb'  kill -HUP 1 ", ("docker", "exec", "my lb", "kill", "-HUP", "1")),
        ("a $HOME && b; c", ("a", "$HOME", "&&", "b;", "c")),
    ],
)
def test_a_command_is_cut_as_a_shell_would_and_no_shell_sees_it(text: str, words: tuple[str, ...]) -> None:
    assert command.split(text) == words


@pytest.mark.parametrize("text", ["", "  ", "a 'b"])
def test_no_command(text: str) -> None:
    with pytest.raises(UsageError, match="command"):
        command.split(text)


@pytest.mark.parametrize(
    ("file", "runs", "words"),
    [
        ("etc/init/haproxy.conf", "etc", ("reload", "haproxy")),
        ("lib/systemd/system/haproxy.service", "run/systemd/system", ("systemctl", "reload", "haproxy")),
        ("etc/systemd/system/haproxy.service", "run/systemd/system", ("systemctl", "reload", "haproxy")),
        ("etc/init.d/haproxy", "run/haproxy.pid", ("/etc/init.d/haproxy", "reload")),
    ],
)
def test_services_that_run(tmp_path: Path, file: str, runs: str, words: tuple[str, ...]) -> None:
    assert command.of_service(tmp_path) is None
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).touch()
    # A container has the package's files, and nobody who runs services.
    assert command.of_service(tmp_path) is None or runs == "etc"
    (tmp_path / runs).mkdir(parents=True, exist_ok=True)
    assert command.of_service(tmp_path) == words


def test_what_it_says_is_kept() -> None:
    script = "import sys; print('one'); sys.stdout.flush(); print('two', file=sys.stderr)"
    assert command.run(python(script), 60) == (True, "one two")


def test_a_status_is_told_with_what_it_said() -> None:
    done = command.run(python("print('no such unit'); raise SystemExit(5)"), 60)
    assert done == (False, f"{sys.executable} ended with status 5: no such unit")


def test_no_such_program() -> None:
    assert command.run(("/nowhere/reload",), 60) == (False, "cannot run /nowhere/reload: No such file or directory")


def test_a_command_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(note)!r}, 'w').write(str(child.pid))\n"
        "time.sleep(600)\n"
    )
    assert command.run(python(script), 3) == (False, f"{sys.executable} did not end within 3 s")
    deadline = time.monotonic() + 60
    while _runs(int(note.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_it_leaves_running_is_not_waited_for() -> None:
    script = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(5)'])"
    begin = time.monotonic()
    assert command.run(python(script), 60).well
    assert time.monotonic() - begin < 60


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return False
