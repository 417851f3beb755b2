"""Ports that others have are found before HAProxy is told to listen there."""

from __future__ import annotations

import socket

import pytest

from lbgen.live.binding import taken


def text(address: str) -> str:
    return f"frontend web_in\n  bind {address} ssl crt x.pem\n  mode http\n\nbackend web\n  server bind 127.0.0.1:1\n"


def test_a_port_of_somebody_else_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        assert [(each.section, each.address) for each in taken("", text(address))] == [("web_in", address)]


def test_what_was_served_before_is_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ours:
        same = text(f"127.0.0.1:{ours.getsockname()[1]}")
        assert taken(same, same) == []


@pytest.mark.parametrize("words", ["transparent", "interface eth7", "namespace other"])
def test_who_listens_apart_from_others_is_not_judged(words: str) -> None:
    assert taken("", f"frontend web_in\n  bind 192.0.2.1:1080 {words}\n") == []
    assert len(taken("", f"frontend web_in\n  bind 192.0.2.1:1080 name x # {words}\n")) == 1


def test_an_address_of_another_machine_cannot_be_listened_on() -> None:
    assert "web_in cannot bind 192.0.2.1:1080" in str(taken("", text("192.0.2.1:1080"))[0])


@pytest.mark.parametrize(
    "address", ["127.0.0.1:0", "*:0", ":0", "[::1]:0", "${PLACE}:80", "/run/x.sock", "fd@3", "h:x", "*:70000"]
)
def test_what_is_free_or_cannot_be_told_is_nobodys(address: str) -> None:
    assert taken("", text(address)) == []
