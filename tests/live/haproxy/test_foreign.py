"""Somebody else's HAProxy: a command reloads it, and its stats socket tells whether it did."""

from __future__ import annotations

import socketserver
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from lbgen.live.haproxy.foreign import Foreign, Patience

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Worker:
    """A stats socket whose pid is what stands in a file."""

    def __init__(self, directory: Path) -> None:
        self.pid = directory / "pid"
        self.pid.write_text("7")
        self.path = str(directory / "stats")
        worker = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                while command := self.rfile.readline().decode().strip():
                    answers = {"show info": f"Name: HAProxy\nPid: {worker.pid.read_text()}\nStopping: 0\n"}
                    self.wfile.write(f"{answers.get(command, '')}\n> ".encode())

        self.server = socketserver.ThreadingUnixStreamServer(self.path, Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def worker(short_path: Path) -> Iterator[Worker]:
    worker = Worker(short_path)
    try:
        yield worker
    finally:
        worker.close()


def foreign(directory: Path, script: str, *, stats: Worker | None = None, retries: int = 3) -> Foreign:
    config = directory / "haproxy.cfg"
    config.write_text("global\n")
    patience = Patience(interval=0.2, retries=retries, command=60)
    words = (sys.executable, "-c", script, str(directory))
    path = stats.path if stats else None
    return Foreign(config, words, threading.Event(), stats_socket=path, patience=patience)


COUNT = "import pathlib, sys; file = pathlib.Path(sys.argv[1], 'runs'); file.open('a').write('x')\n"
RELOAD = f"{COUNT}pathlib.Path(sys.argv[1], 'pid').write_text('8')"
AT_THE_SECOND = f"{COUNT}pathlib.Path(sys.argv[1], 'pid').write_text('8' if len(file.read_text()) > 1 else '7')"


def runs(directory: Path) -> int:
    return len((directory / "runs").read_text())


def test_without_a_socket_the_status_counts(short_path: Path) -> None:
    haproxy = foreign(short_path, COUNT)
    assert haproxy.reload().served
    assert runs(short_path) == 1
    assert (haproxy.alive(), haproxy.processes(), haproxy.runtime()) == (True, [], None)


def test_a_failure_is_told_and_not_repeated(short_path: Path) -> None:
    outcome = foreign(short_path, f"{COUNT}raise SystemExit('refused')").reload()
    assert not outcome.served
    assert outcome.message == f"{sys.executable} ended with status 1: refused"
    assert runs(short_path) == 1


def test_a_new_worker_confirms(short_path: Path, worker: Worker) -> None:
    haproxy = foreign(short_path, RELOAD, stats=worker)
    assert [process.pid for process in haproxy.processes()] == [7]
    assert haproxy.reload().served
    assert (haproxy.alive(), [process.pid for process in haproxy.processes()]) == (True, [8])
    assert runs(short_path) == 1


def test_the_command_is_repeated_until_a_new_worker_answers(short_path: Path, worker: Worker) -> None:
    assert foreign(short_path, AT_THE_SECOND, stats=worker).reload().served
    assert runs(short_path) == 2


@pytest.mark.parametrize(("retries", "expected"), [(3, 3), (1, 1), (0, 1)])
def test_without_a_new_worker_it_gives_up(short_path: Path, worker: Worker, retries: int, expected: int) -> None:
    outcome = foreign(short_path, f"{COUNT}print('done')", stats=worker, retries=retries).reload()
    assert not outcome.served
    assert outcome.message.endswith("was not reloaded: its worker 7 still serves; it said: done")
    assert runs(short_path) == expected


def test_it_is_repeated_for_ever_where_that_is_asked_for_until_lbgen_stops(short_path: Path, worker: Worker) -> None:
    config = short_path / "haproxy.cfg"
    config.write_text("global\n")
    stop = threading.Event()
    script = f"{COUNT}\nif len(file.read_text()) == 4: pathlib.Path(sys.argv[1], 'enough').touch()"
    words = (sys.executable, "-c", script, str(short_path))
    patience = Patience(interval=0.05, retries=-1, command=60)
    haproxy = Foreign(config, words, stop, stats_socket=worker.path, patience=patience)
    outcomes: list[bool] = []
    thread = threading.Thread(target=lambda: outcomes.append(haproxy.reload().served))
    thread.start()
    while not (short_path / "enough").exists():
        assert thread.is_alive()
        stop.wait(0.02)
    stop.set()
    thread.join(60)
    assert outcomes == [False]
    assert runs(short_path) >= 4


def test_nobody_answers(short_path: Path) -> None:
    config = short_path / "haproxy.cfg"
    config.write_text("global\n")
    gone = str(short_path / "gone")
    patience = Patience(interval=0, retries=1)
    haproxy = Foreign(config, (sys.executable, "-c", ""), threading.Event(), stats_socket=gone, patience=patience)
    outcome = haproxy.reload()
    assert (haproxy.alive(), haproxy.processes(), outcome.served) == (False, [], False)
    assert outcome.message.endswith("but HAProxy was not reloaded: no worker answers")


def test_without_a_command(short_path: Path) -> None:
    outcome = Foreign(short_path / "haproxy.cfg", None, threading.Event()).reload()
    assert (outcome.served, outcome.message) == (False, "there is no command that reloads HAProxy")
