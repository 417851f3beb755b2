"""Balance algorithms, as the versions of HAProxy accept them."""

from __future__ import annotations

import pytest

from lbgen.haproxy.balance import algorithms, nearest, needs_http, problem_of

ACCEPTED = [
    "roundrobin",
    "static-rr",
    "leastconn",
    "first",
    "source and more",
    "uri",
    "uri whole depth 3 len 8",
    "uri path-only",
    "url_param id",
    "url_param id check_post 64",
    "hdr(Host)",
    "hdr(Host) use_domain_only",
    "random",
    "random(2)",
    "rdp-cookie",
    "rdp-cookie(msts)",
    "  leastconn  ",
]
REFUSED = [
    "ROUNDROBIN",
    "round-robin",
    "uri foo",
    "uri len",
    "uri depth 0",
    "url_param",
    "url_param id foo",
    "hdr",
    "hdr()",
    "hdr(Host) foo",
    "random(0)",
    "random(x)",
    "rdp-cookie()",
    "roundrobin(2)",
    "source,leastconn",
    "hash",
    "log-sticky",
]


@pytest.mark.parametrize("text", ACCEPTED)
@pytest.mark.parametrize("version", [(2, 2), (3, 2)])
def test_what_haproxy_takes(text: str, version: tuple[int, int]) -> None:
    assert problem_of(text, version) is None


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("version", [(2, 2), (3, 2)])
def test_what_haproxy_refuses(text: str, version: tuple[int, int]) -> None:
    assert problem_of(text, version) is not None


def test_newer_versions_know_more() -> None:
    assert problem_of("hash src", (2, 2)) == '"hash" is no balance algorithm of HAProxy 2.2, but from 2.6 on'
    assert problem_of("hash src", (2, 6)) is None
    assert problem_of("sticky", (2, 6)) == '"sticky" is no balance algorithm of HAProxy 2.6, but from 3.0 on'
    assert set(algorithms((3, 2))) - set(algorithms((2, 2))) == {"hash", "sticky"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("round-robin", "roundrobin"),
        ("Least_Conn", "leastconn"),
        ("sorce", "source"),
        ("urlparam", "url_param"),
        ("fastest", None),
    ],
)
def test_what_was_meant(text: str, meant: str | None) -> None:
    assert nearest(text, (3, 2)) == meant


def test_what_looks_into_requests_needs_http() -> None:
    assert [needs_http(text) for text in ("uri", "url_param x", "hdr(Host)")] == [True] * 3
    assert not any(map(needs_http, ("source", "rdp-cookie", "hash src", "roundrobin")))
