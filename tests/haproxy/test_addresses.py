"""Which addresses are open to other machines."""

from __future__ import annotations

import pytest

from lbgen.haproxy.addresses import host_of, is_loopback


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:80",
        "127.1.2.3:80-90",
        "ipv4@127.0.0.1:80",
        "localhost:80",
        "[::1]:80",
        "::1:80",
        "ipv6@::1:80",
        "tcp4@127.0.0.1:80",
        "/run/haproxy.sock",
        "unix@/run/haproxy.sock",
        "abns@stats",
        "fd@3",
    ],
)
def test_nobody_else_gets_to_a_loopback_address(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize(
    "address",
    [
        "*:80",
        ":80",
        "0.0.0.0:80",
        "10.0.0.1:80",
        "[::]:80",
        ":::80",
        "example.com:80",
        "quic4@:443",
        "80",
        "",
        "$HOST:80",
    ],
)
def test_everybody_gets_to_the_others(address: str) -> None:
    assert not is_loopback(address)


@pytest.mark.parametrize(
    ("address", "host"),
    [("*:80", "*"), (":80", ""), ("[::1]:80", "::1"), ("::1:80", "::1"), ("ipv4@10.0.0.1:80", "10.0.0.1"), ("a", "a")],
)
def test_the_host_stands_in_front_of_the_last_colon(address: str, host: str) -> None:
    assert host_of(address) == host
