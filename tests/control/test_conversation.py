"""Several commands in one connection to a command line, as workers and masters answer them."""

from __future__ import annotations

import socketserver
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from lbgen.control.conversation import Conversation, ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextmanager
def command_line(answers: Mapping[str, str | None], *, seconds: float = 0) -> Iterator[tuple[str, int]]:
    """A command line that gives these answers, prompts included, in small pieces; at None it hangs up."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while command := self.rfile.readline().decode().strip():
                answer = answers[command]
                if answer is None:
                    return
                time.sleep(seconds)
                for letter in answer.encode():
                    self.wfile.write(bytes((letter,)))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address[0], server.server_address[1]  # type: ignore[misc]
        finally:
            server.shutdown()
            thread.join()


def test_a_worker_answers_command_by_command() -> None:
    answers = {"prompt": "\n> ", "show a": "1 > 2\n> x\n\n> ", "set b": "\n> "}
    with command_line(answers) as address, Conversation(address, 10) as worker:
        assert [worker.ask("show a"), worker.ask("set b"), worker.ask("show a")] == ["1 > 2\n> x", "", "1 > 2\n> x"]


def test_a_master_passes_on_to_its_worker() -> None:
    answers = {"prompt": "master> ", "@!18": "18> ", "show a": "one\n> two\n\n18> "}
    with command_line(answers) as address, Conversation(address, 10, worker=18) as worker:
        assert worker.ask("show a") == "one\n> two"


def test_a_worker_that_is_not_there() -> None:
    answers = {"prompt": "master> ", "@!18": "Can't find the target PID matching the prefix '@!18'\nmaster> "}
    with command_line(answers) as address, pytest.raises(ConnectionError, match="no worker 18"):
        Conversation(address, 10, worker=18)


def test_who_hangs_up_is_told() -> None:
    answers = {"prompt": "\n> ", "show a": None}
    with (
        command_line(answers) as address,
        Conversation(address, 10) as worker,
        pytest.raises(ConnectionError, match="closed"),
    ):
        worker.ask("show a")


def test_no_answer_in_time() -> None:
    with command_line({"prompt": "> ", "show a": "\n> "}, seconds=0.3) as address:
        with pytest.raises(TimeoutError):
            Conversation(address, 0.1)
        with pytest.raises(TimeoutError):
            ask(address, "show a", 0.1)


def test_nobody_smuggles_in_a_second_command() -> None:
    with (
        command_line({"prompt": "> "}) as address,
        Conversation(address, 10) as worker,
        pytest.raises(ValueError, match="one line"),
    ):
        worker.ask("show info\nshutdown frontend f")
