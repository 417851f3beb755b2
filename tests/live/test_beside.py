"""A source that is asked beside the loop: its answers come through, and nobody has to wait for them."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from lbgen.live.beside import Beside
from lbgen.live.contract import Reply, SourceError


class Slow:
    """A source that answers once `answers` is set."""

    def __init__(self) -> None:
        self.answers = threading.Event()

    def fetch(self) -> Reply:
        assert self.answers.wait(60)
        return Reply("all", "http://marathon", 0.0)

    def fetch_app(self, app_id: str) -> Reply | None:
        raise SourceError(f"no answer about {app_id}")


def test_something_else_is_done_while_the_answer_is_awaited() -> None:
    source = Slow()
    beside = Beside(source, source.answers.set, 0.01)  # type: ignore[arg-type]
    assert beside.fetch().text == "all"


def test_failures_come_through() -> None:
    with pytest.raises(SourceError, match="no answer about /web"):
        Beside(Slow(), lambda: None, 0.01).fetch_app("/web")  # type: ignore[arg-type]


NEVER = """
import threading
from lbgen.live.beside import Beside

class Never:
    def fetch(self):
        asked.set()
        threading.Event().wait()

asked = threading.Event()
threading.Thread(target=Beside(Never(), lambda: None, 3600).fetch, daemon=True).start()
asked.wait()
"""


def test_an_answer_that_never_comes_does_not_hold_up_the_end() -> None:
    assert subprocess.run([sys.executable, "-c", NEVER], check=False, timeout=300).returncode == 0
