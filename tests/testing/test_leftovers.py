"""Which containers are left over: those whose process runs no more."""

from __future__ import annotations

import subprocess
import sys

from lbgen.testing.leftovers import is_left, owner


def test_those_of_this_process_are_not() -> None:
    assert not is_left(owner())


def test_those_of_a_process_that_ended_are() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    host = owner().partition("/")[0]
    assert is_left(f"{host}/{ended.pid}/1")


def test_a_pid_that_was_given_anew_protects_nobody() -> None:
    host, pid, _ = owner().split("/")
    assert is_left(f"{host}/{pid}/1")


def test_those_of_another_host_are_its_own_business() -> None:
    assert not is_left("elsewhere.example.org/1/1")
    assert not is_left("")
