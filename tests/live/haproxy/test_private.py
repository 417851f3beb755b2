"""The directory of one lbgen and its HAProxy."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from lbgen.errors import ToolError
from lbgen.live.haproxy.ending import until
from lbgen.live.haproxy.messages import Messages
from lbgen.live.haproxy.private import Private, command_line, started
from lbgen.live.haproxy.sockets import fits, sockets_of

if TYPE_CHECKING:
    from pathlib import Path


def test_nobody_else_gets_in(short_path: Path) -> None:
    directory = short_path / "a" / "run"
    Private(directory).enter()
    assert directory.stat().st_mode & 0o777 == 0o700
    open_to_all = short_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    Private(open_to_all).enter()
    assert open_to_all.stat().st_mode & 0o777 == 0o700


def test_one_at_a_time(short_path: Path) -> None:
    first, second = Private(short_path), Private(short_path)
    first.enter()
    first.enter()
    with pytest.raises(ToolError, match="another lbgen uses the directory"):
        second.enter()
    first.leave()
    second.enter()


def _enter_and_die(directory: Path) -> None:
    Private(directory).enter()
    os._exit(0)


def test_who_dies_leaves_no_lock_behind(short_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_enter_and_die, args=(short_path,))
    process.start()
    process.join(120)
    assert process.exitcode == 0
    Private(short_path).enter()


def test_what_is_no_directory_of_this_user(short_path: Path) -> None:
    (short_path / "file").touch()
    with pytest.raises(ToolError, match="cannot use the directory"):
        Private(short_path / "file").enter()
    (short_path / "real").mkdir()
    (short_path / "link").symlink_to(short_path / "real")
    with pytest.raises(ToolError, match="is no directory of this user"):
        Private(short_path / "link").enter()


def test_a_name_that_no_socket_can_have(short_path: Path) -> None:
    with pytest.raises(ToolError, match="too long a name"):
        Private(short_path / ("x" * 100)).enter()


def test_sockets_may_be_elsewhere(short_path: Path) -> None:
    private = Private(short_path / ("x" * 200), short_path / "s")
    private.enter()
    assert private.master == short_path / "s" / "master.sock"
    assert [each.stat().st_mode & 0o777 for each in (private.directory, short_path / "s")] == [0o700, 0o700]


def test_sockets_are_in_the_state_directory_where_they_can_be(short_path: Path) -> None:
    found = sockets_of(short_path)
    found.make()
    assert found == (short_path, short_path / "haproxy")
    assert list(short_path.iterdir()) == []


def test_sockets_are_in_a_short_directory_of_the_same_user_where_they_cannot(
    short_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lbgen.live.haproxy.sockets._SHORT", short_path)
    long, other = short_path / ("x" * 200), short_path / ("y" * 200)
    found = sockets_of(long)
    assert (found.own == found.haproxy, fits(found.own), found.own.parent) == (True, True, short_path)
    found.make()
    assert found.own.stat().st_mode & 0o777 == 0o700
    assert (sockets_of(long), sockets_of(other) == found) == (found, False)
    long.mkdir()
    assert sockets_of(long) == found


def test_a_short_directory_that_somebody_else_has_made(short_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lbgen.live.haproxy.sockets._SHORT", short_path)
    found = sockets_of(short_path / ("x" * 200))
    (short_path / "theirs").mkdir()
    found.own.symlink_to(short_path / "theirs")
    with pytest.raises(ToolError, match="is no directory of this user"):
        found.make()


@pytest.mark.parametrize("content", ["", "no number", "99999999", "1", "{me}\n"])
def test_a_pid_file_that_leads_to_nobody_or_to_somebody_else(short_path: Path, content: str) -> None:
    private = Private(short_path)
    assert private.running() is None
    # Every worker of a run has to call its tests by the same names.
    private.pid_file.write_text(content.format(me=os.getpid()))
    assert private.running() is None


def test_a_master_without_a_pid_file_is_found_and_its_worker_is_not_taken_for_it(short_path: Path) -> None:
    private = Private(short_path)
    assert private.left_behind() is None
    worker = "import time; print(flush=True); time.sleep(3600)"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {worker!r}, *sys.argv[1:]])"
    command = [sys.executable, "-c", script, *private.master_words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as master:
        assert master.stdout is not None
        assert master.stdout.readline() == b"\n"
        assert private.left_behind() == master.pid
        os.killpg(master.pid, signal.SIGKILL)
    # The worker is told to end when its master is, and may take longer.
    assert until(lambda: private.left_behind() is None, 60)


def test_command_lines() -> None:
    assert command_line(os.getpid())[0]
    assert command_line(99999999) == []


def test_when_a_process_was_started() -> None:
    assert started(os.getpid()) == started(os.getpid())
    assert started(1) != started(os.getpid())
    assert started(99999999) is None


def test_messages_since_a_mark(short_path: Path) -> None:
    messages = Messages(short_path / "messages")
    assert (messages.mark(), messages.since(0)) == (0, "")
    with messages.open() as file:
        file.write(b"one\n")
        file.flush()
        mark = messages.mark()
        file.write(b"two \xff\n")
    assert messages.since(mark) == "two \ufffd\n"


def test_messages_do_not_grow_for_ever(short_path: Path) -> None:
    messages = Messages(short_path / "messages")
    with messages.open() as file:
        file.write(b"x" * (1 << 21))
        file.flush()
        mark = messages.mark()
        file.write(b"new\n")
        file.flush()
        assert messages.since(mark) == "new\n"
        assert (short_path / "messages").stat().st_size == 4
        messages.trim()
        assert messages.since(mark) == "new\n"
        file.write(b"x" * (1 << 21))
        file.flush()
        messages.trim()
    assert (short_path / "messages").stat().st_size == 0
