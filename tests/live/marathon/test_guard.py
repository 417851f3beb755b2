"""Whoever waits for a socket is woken up."""

from __future__ import annotations

import socket
import threading

from lbgen.live.marathon.guard import Guard, GuardedAdapter


def test_reader_wakes_up_after_the_time() -> None:
    one, other = socket.socketpair()
    with one, other, Guard(0.05) as guard:
        guard.watch(one)
        assert one.recv(1) == b""
        assert guard.cut_because == "takes longer than 0.05 s"


def test_reader_wakes_up_when_all_is_to_stop() -> None:
    stop = threading.Event()
    one, other = socket.socketpair()
    with one, other, Guard(3600, stop) as guard:
        guard.watch(one)
        stop.set()
        assert one.recv(1) == b""
        assert guard.cut_because == "is not asked any more"


def test_what_comes_after_the_cut_is_cut_too() -> None:
    one, other = socket.socketpair()
    with one, other, Guard() as guard:
        guard.cut("is bad")
        guard.watch(one)
        assert one.recv(1) == b""


def test_connection_outlives_a_guard_that_did_not_cut() -> None:
    one, other = socket.socketpair()
    with one, other:
        with Guard(3600) as guard:
            guard.watch(one)
        guard.cut("is bad")
        other.sendall(b"x")
        assert one.recv(1) == b"x"


def test_connections_notice_a_host_that_is_gone() -> None:
    adapter = GuardedAdapter()
    for manager in (adapter.poolmanager, adapter.proxy_manager_for("http://proxy:3128")):
        options = manager.connection_pool_kw["socket_options"]
        assert (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1) in options
        assert (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 15000) in options
