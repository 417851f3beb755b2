"""Whoever waits for a socket is woken up."""

from __future__ import annotations

import socket

from lbgen.live.marathon.guard import Guard


def test_reader_wakes_up_after_the_time() -> None:
    one, other = socket.socketpair()
    with one, other, Guard(0.05) as guard:
        guard.watch(one)
        assert one.recv(1) == b""
        assert guard.is_cut


def test_what_comes_after_the_cut_is_cut_too() -> None:
    one, other = socket.socketpair()
    with one, other, Guard() as guard:
        guard.cut()
        guard.watch(one)
        assert one.recv(1) == b""


def test_connection_outlives_a_guard_that_did_not_cut() -> None:
    one, other = socket.socketpair()
    with one, other:
        with Guard(3600) as guard:
            guard.watch(one)
        guard.cut()
        other.sendall(b"x")
        assert one.recv(1) == b"x"
