"""Who waits for an answer goes on meanwhile, and nobody waits for it at the end."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from lbgen.live.beside import Beside
from lbgen.live.contract import Reply, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.live.contract import Change


class Slow:
    """Answers once it is told to; raises `error` if there is one."""

    def __init__(self, error: Exception | None = None) -> None:
        self.may_answer = threading.Event()
        self._error = error

    def fetch(self) -> Reply:
        assert self.may_answer.wait(60)
        if self._error is not None:
            raise self._error
        return Reply("all", "http://one", 0.0)

    def fetch_app(self, app_id: str) -> Reply | None:
        assert self.may_answer.wait(60)
        return Reply(app_id, "http://one", 0.0)

    def events(self, _: threading.Event) -> Iterator[Change]:
        return iter(())


def test_meanwhile_is_called_until_there_is_an_answer() -> None:
    slow, times = Slow(), 0

    def meanwhile() -> None:
        nonlocal times
        times += 1
        if times == 3:
            slow.may_answer.set()

    beside = Beside(slow, meanwhile, 0.01)
    assert beside.fetch().text == "all"
    assert times >= 3
    reply = beside.fetch_app("/web")
    assert reply is not None
    assert reply.text == "/web"
    assert list(beside.events(threading.Event())) == []


@pytest.mark.parametrize("error", [SourceError("nobody"), TimeoutError("slow"), RuntimeError("a mistake")])
def test_what_goes_wrong_is_raised(error: Exception) -> None:
    slow = Slow(error)
    slow.may_answer.set()
    with pytest.raises(type(error), match=str(error)):
        Beside(slow, lambda: None, 0.01).fetch()


def test_nobody_waits_for_it_at_the_end() -> None:
    script = """
import threading
from lbgen.live.beside import Beside

class Never:
    def fetch(self):
        threading.Event().wait()

def end():
    raise KeyboardInterrupt

try:
    Beside(Never(), end, 0.01).fetch()
except KeyboardInterrupt:
    pass
"""
    assert subprocess.run([sys.executable, "-c", script], timeout=60, check=False).returncode == 0
