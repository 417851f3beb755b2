"""Endpoints as they are written, and who else they are."""

from __future__ import annotations

import pytest

from lbgen.errors import UsageError
from lbgen.live.marathon.credentials import BasicAuth
from lbgen.live.marathon.endpoint import Circle, Endpoint

ADDRESSES = {"masters.mesos": {"10.0.0.1", "10.0.0.2"}, "leader.mesos": {"10.0.0.2"}, "10.0.0.2": {"10.0.0.2"}}


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://master.mesos:8080", "http://master.mesos:8080"),
        ("http://master.mesos:8080/", "http://master.mesos:8080"),
        ("master.mesos:8080", "http://master.mesos:8080"),
        ("https://dcos.example.org/service/marathon/", "https://dcos.example.org/service/marathon"),
        ("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080"),
    ],
)
def test_is_read(text: str, url: str) -> None:
    assert Endpoint.read(text) == Endpoint(url)


@pytest.mark.parametrize(
    "text",
    [
        *("", "http://", "ftp://a", "http://a:b", "http://a:99999", "http://[::1", "http://a b", "http://a\n"),
        *("http://a?x=1", "http://a#b", "https://user:secret@", "http://user:secret@a:port"),
    ],
)
def test_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        Endpoint.read(text)
    assert "secret" not in str(caught.value)


def test_credentials_are_taken_out_of_it() -> None:
    endpoint = Endpoint.read("http://lb:s%40cret%3A@m:8080")
    assert endpoint == Endpoint("http://m:8080", BasicAuth("lb", "s@cret:"))
    assert str(endpoint) == "http://m:8080"
    assert "cret" not in repr(endpoint)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://masters.mesos:8080/v2/apps", True),
        ("http://MASTERS.mesos.:8080/v2/apps", True),
        ("http://masters.mesos/", True),
        ("https://masters.mesos:8443/", True),
        ("http://leader.mesos:8080/v2/apps", True),
        ("http://10.0.0.2:8081/v2/events?a=b", True),
        ("http://10.0.0.9:8080/", False),
        ("http://masters.mesos:8080@evil.example.org:8080/", False),
        ("mailto:masters.mesos", False),
    ],
)
def test_another_name_for_it_is_known_by_its_address(url: str, found: bool) -> None:
    endpoint = Endpoint.read("http://masters.mesos:8080")
    circle = Circle([endpoint], lambda host: frozenset(ADDRESSES.get(host, ())))
    assert circle.endpoint(url) == (endpoint if found else None)


def test_https_is_not_left_for_http() -> None:
    circle = Circle([Endpoint.read("https://masters.mesos")], lambda host: frozenset({host}))
    assert circle.endpoint("http://masters.mesos/") is None
    assert circle.endpoint("https://masters.mesos:8443/") is not None


def test_the_very_endpoint_comes_before_its_neighbours() -> None:
    endpoints = [Endpoint.read(f"http://m:{port}") for port in (1, 2, 3)]
    assert Circle(endpoints).endpoint("http://m:2/x") is endpoints[1]
    assert Circle(endpoints).endpoint("http://m:4/x") is endpoints[0]


def test_nobody_is_looked_up_for_a_name_that_is_known() -> None:
    endpoint = Endpoint.read("http://masters.mesos:8080")
    assert Circle([endpoint], pytest.fail).endpoint("http://masters.mesos:8080/x") is endpoint
