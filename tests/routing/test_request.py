"""Requests as clients make them of a URL."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from lbgen.routing.request import request_of_url


def test_a_host_in_small_letters_and_a_server_name() -> None:
    request = request_of_url("https://Shop.Example.org/A?b=C")
    assert (request.port, request.tls, request.sni, request.host, request.target) == (
        443,
        True,
        "shop.example.org",
        "shop.example.org",
        "/A?b=C",
    )


def test_a_port_that_is_not_usual_is_part_of_the_host() -> None:
    assert request_of_url("http://shop.example.org:8080").host == "shop.example.org:8080"
    assert request_of_url("http://shop.example.org:80").host == "shop.example.org"


def test_headers_win() -> None:
    request = request_of_url("https://192.0.2.1/", headers=[("HOST", "Other.example.org"), ("X", "1")], sni="sni.test")
    assert request.headers == (("host", "Other.example.org"), ("x", "1"))
    assert (request.sni, request.to) == ("sni.test", ip_address("192.0.2.1"))


def test_addresses_are_no_server_names() -> None:
    assert request_of_url("https://[2001:db8::1]:8443/").sni == ""
    assert request_of_url("https://[2001:db8::1]:8443/").host == "[2001:db8::1]:8443"


def test_who_asks_may_stand_in_the_url() -> None:
    assert request_of_url("http://anna@shop.example.org/").user == "anna"


@pytest.mark.parametrize("url", ["ftp://x/", "http://", "http://x:0/", "http://x:99999/", "http://x:y/", "http://[x/"])
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        request_of_url(url)
