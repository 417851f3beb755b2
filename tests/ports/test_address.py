"""Addresses of bind lines, read as HAProxy reads them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.ports.address import ANY, ANY_IPV4, ANY_IPV6, Address, Place, Ports, Protocol, read_addresses


def only(text: str, *, v6only: bool = False) -> tuple[Address, Ports | None, Protocol]:
    """The one listener of the text."""
    (found,) = read_addresses(text, v6only=v6only)
    return found.address, found.ports, found.protocol


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("*:80", [Place("ipv4")]),
        (":80", [Place("ipv4")]),
        ("0.0.0.0:80", [Place("ipv4")]),
        ("0:80", [Place("ipv4")]),
        ("ipv4@:80", [Place("ipv4")]),
        ("ipv4@*:80", [Place("ipv4")]),
        ("tcp4@*:80", [Place("ipv4")]),
        ("10.0.0.1:80", [Place("ipv4", "10.0.0.1")]),
        ("10.1:80", [Place("ipv4", "10.0.0.1")]),
        ("[10.0.0.1]:80", [Place("ipv4", "10.0.0.1")]),
        ("::ffff:10.0.0.1:80", [Place("ipv4", "10.0.0.1")]),
        (":::80", [Place("ipv4"), Place("ipv6")]),
        ("[::]:80", [Place("ipv4"), Place("ipv6")]),
        ("ipv6@:80", [Place("ipv4"), Place("ipv6")]),
        ("ipv6@*:80", [Place("ipv4"), Place("ipv6")]),
        ("::1:80", [Place("ipv6", "::1")]),
        ("[::1]:80", [Place("ipv6", "::1")]),
        ("ipv6@[FD00:0::1]:80", [Place("ipv6", "fd00::1")]),
        ("lb.example.com:80", [Place("name lb.example.com")]),
        ("1.2.3.4.5:80", [Place("name 1.2.3.4.5")]),
        ("$HOST:80", []),
        ("unix@/run/a.sock", [Place("unix", "/run/a.sock")]),
        ("/run/a.sock", [Place("unix", "/run/a.sock")]),
        ("abns@web", [Place("abns", "web")]),
        ("fd@3", []),
        ("sockpair@4", []),
    ],
)
def test_places_of_an_address(text: str, places: list[Place]) -> None:
    assert list(only(text)[0].places) == places


def test_v6only_leaves_ipv4_alone() -> None:
    assert only(":::80", v6only=True)[0].places == ANY_IPV6.places
    assert only(":::80")[0].places == ANY.places
    assert only("*:80", v6only=True)[0].places == ANY_IPV4.places


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("*:80", Ports(80, 80)),
        ("*:080", Ports(80, 80)),
        ("*:8000-8010", Ports(8000, 8010)),
        (":::8000-8010", Ports(8000, 8010)),
        ("*:65535", Ports(65535, 65535)),
        ("*:65536", None),
        ("*:0", None),
        ("*:10-5", None),
        ("*:", None),
        ("*", None),
        ("80", None),
        ("*:http", None),
        ("*:$PORT", None),
        ("*:${PORT}", None),
        ("${HOST}:80", Ports(80, 80)),
        ("abns@web", None),
    ],
)
def test_ports_of_an_address(text: str, ports: Ports | None) -> None:
    assert only(text)[1] == ports


def test_quic_is_spoken_over_udp() -> None:
    assert only("quic4@*:443") == (Address("*", (Place("ipv4"),)), Ports(443, 443), Protocol.UDP)
    assert only("quic6@:443")[0].places == ANY.places


def test_a_list_knows_where_its_items_stand() -> None:
    text = "*:80,10.0.0.1:81,"
    assert [(text[item.start : item.end], item.ports) for item in read_addresses(text)] == [
        ("*:80", Ports(80, 80)),
        ("10.0.0.1:81", Ports(81, 81)),
    ]


@given(st.text(st.characters(codec="utf-8")) | st.text("0123456789.:,[]@-*$ipvunx6", max_size=20))
def test_every_text_is_read(text: str) -> None:
    for item in read_addresses(text):
        assert item.start < item.end <= len(text)
        assert item.ports is None or 1 <= item.ports.first <= item.ports.last <= 65535
