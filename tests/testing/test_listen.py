"""Which ports a configuration listens on, and how it is moved elsewhere."""

from __future__ import annotations

import pytest

from lbgen.testing.listen import moved, ports


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("*:80", [80]),
        (":80", [80]),
        ("0.0.0.0:80", [80]),
        ("127.0.0.1:80", [80]),
        ("[::]:80", [80]),
        (":::80", [80]),
        ("ipv4@:80", [80]),
        ("ipv6@[::1]:80", [80]),
        ("*:80,*:81", [80, 81]),
        ("*:9000-9002", [9000, 9001, 9002]),
        ('"*:${PORT}"', [8080]),
        ("/run/haproxy.sock", []),
        ("unix@/run/haproxy.sock", []),
        ("abns@name", []),
        ("fd@3", []),
        ("quic4@:443", []),
        ('"*:${OTHER}"', []),
    ],
)
def test_addresses_of_bind(address: str, expected: list[int]) -> None:
    text = f"frontend f\n  bind {address} ssl crt /a:1.pem\n"
    assert ports(text, {"PORT": "8080"}) == expected


def test_every_section_counts_and_comments_do_not() -> None:
    text = (
        "listen a\n  bind :2\nfrontend b\n  bind :1\n  bind :2 # bind :4\n# bind :3\nbackend c\n  server s 1.2.3.4:5\n"
    )
    assert ports(text) == [1, 2]


def test_a_bind_without_an_address_is_haproxys_to_refuse() -> None:
    assert ports("frontend f\n  bind\n") == []


def test_moving_changes_addresses_and_nothing_else() -> None:
    text = "frontend f\n  bind *:80,:81 ssl crt /80.pem\n  server s 1.2.3.4:80\n  bind :90-91\n"
    expected = "frontend f\n  bind @80,@81 ssl crt /80.pem\n  server s 1.2.3.4:80\n  bind @90,@91\n"
    assert moved(text, lambda port: f"@{port}") == expected
