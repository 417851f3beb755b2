"""What takes long says so, on a terminal only."""

from __future__ import annotations

import time
from io import StringIO

import pytest

from lbgen.cli.progress import progress


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_what_takes_long_says_so_and_leaves_nothing_behind() -> None:
    terminal = Terminal()
    with progress("reading", terminal, patience=0.01):
        time.sleep(0.2)
    assert terminal.getvalue() == "\rreading \r\x1b[K"


def test_what_is_done_at_once_says_nothing() -> None:
    terminal = Terminal()
    with progress("reading", terminal):
        pass
    assert terminal.getvalue() == ""


def test_nothing_is_said_where_nobody_looks() -> None:
    stream = StringIO()
    with progress("reading", stream, patience=0.0):
        time.sleep(0.05)
    assert stream.getvalue() == ""


def fail_slowly() -> None:
    time.sleep(0.2)
    raise KeyError


def test_an_error_goes_on_its_way() -> None:
    terminal = Terminal()
    with pytest.raises(KeyError), progress("reading", terminal, patience=0.0):
        fail_slowly()
    assert terminal.getvalue().endswith("\x1b[K")
