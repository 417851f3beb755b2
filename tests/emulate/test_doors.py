"""Ports of this machine in place of those of a configuration."""

from __future__ import annotations

import socket

import pytest

from lbgen.emulate.doors import Doors, Wall, preferred, walls
from lbgen.haproxy.parse import parse


@pytest.mark.parametrize(
    ("port", "first"), [(80, 8080), (443, 8443), (999, 8999), (1000, 11000), (1024, 1024), (10080, 10080)]
)
def test_the_first_choice_is_easy_to_remember(port: int, first: int) -> None:
    assert next(preferred(port)) == first


def test_in_the_end_the_kernel_chooses() -> None:
    assert [*preferred(65000)] == [65000, 0]


def test_every_address_and_port_is_a_wall_once() -> None:
    text = "frontend a\n bind *:80,10.0.0.1:80\n bind :80 ssl\nfrontend b\n bind *:8000-8002\n bind abns@x\n"
    found = walls(parse(text))
    assert [(str(wall.host or "*"), wall.port) for wall in found] == [
        ("*", 80),
        ("10.0.0.1", 80),
        ("*", 8000),
        ("*", 8001),
        ("*", 8002),
    ]


def test_a_port_that_somebody_has_is_another_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        doors = Doors()
        wall = Wall(None, port)
        try:
            assert doors.open("a", [wall])[wall] != port
        finally:
            doors.let_go()


def test_a_port_stays_chosen_and_two_balancers_have_two() -> None:
    doors, wall = Doors(), Wall(None, 80)
    try:
        first = doors.open("a", [wall])
        assert doors.open("a", [wall]) == first
        assert doors.open("b", [wall]) != first
    finally:
        doors.let_go()


def test_what_is_held_is_shared_with_those_who_share_only() -> None:
    doors = Doors()
    try:
        port = doors.inner()
        with socket.socket() as alone, pytest.raises(OSError, match="in use"):
            alone.bind(("127.0.0.1", port))
        with socket.socket() as sharing:
            sharing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            sharing.bind(("127.0.0.1", port))
    finally:
        doors.let_go()
