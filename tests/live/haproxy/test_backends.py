"""Backends as the runtime API has them: who may come and go, and what numbers mean."""

from __future__ import annotations

import pytest

from lbgen.live.haproxy.backends import Backend, backends


def backend(lines: str, before: str = "") -> Backend:
    found = list(backends(f"{before}backend b\n{lines}"))
    return found[-1]


def test_servers_stand_apart_from_the_frame() -> None:
    found = backend("  mode http\n  server a 10.0.0.1:80\n  retries 3\n  server b 10.0.0.2:80\n")
    assert found.frame == ("backend b", "  mode http", "  retries 3")
    assert list(found.servers) == ["a", "b"]
    assert (found.numbered, found.fixed, found.unclear) == (False, "", "")


def test_other_sections_are_none() -> None:
    text = "global\npeers p\n  server p 10.0.0.9:1\nlisten l\n  server a 10.0.0.1:80\nfrontend f\n"
    assert [each.name for each in backends(text)] == ["l"]


@pytest.mark.parametrize(
    ("lines", "numbered", "fixed"),
    [
        ("balance leastconn", False, ""),
        ("balance random(2)", False, ""),
        ("balance first", True, ""),
        ("balance static-rr", True, "balance static-rr takes no new servers"),
        ("balance source", True, "balance source without hash-type consistent takes no new servers"),
        (
            "balance hdr(Host)\nhash-type map-based",
            True,
            "balance hdr without hash-type consistent takes no new servers",
        ),
        ("balance source\nhash-type consistent sdbm", True, ""),
        ("stick on src", True, ""),
        ("cookie S insert dynamic", False, "cookies are made for each server"),
    ],
)
def test_algorithms(lines: str, numbered: bool, fixed: str) -> None:
    found = backend(f"{lines}\nserver a 10.0.0.1:80")
    assert (found.numbered, found.positional, found.fixed) == (numbered, numbered, fixed)
    assert not backend(f"{lines}\nserver a 10.0.0.1:80 id 4").positional


def test_an_algorithm_of_defaults() -> None:
    before = "defaults one\nbalance static-rr\ndefaults two\nbalance leastconn\n"
    assert backend("server a 10.0.0.1:80", before).fixed == ""
    named = list(backends(f"{before}backend b from one\nserver a 10.0.0.1:80"))
    assert named[0].fixed == "balance static-rr takes no new servers"


def test_default_server_counts_for_every_server() -> None:
    found = backend("default-server check\nserver a 10.0.0.1:80", "defaults\ndefault-server inter 9s\n")
    assert found.servers["a"].options == ("inter", "9s", "check")


@pytest.mark.parametrize(
    ("lines", "unclear"),
    [
        ("server-template s 3 10.0.0.1:80", "server-template makes servers too"),
        (".if defined(X)\nserver a 10.0.0.1:80\n.endif", "lines depend on conditions"),
        ("server a 10.0.0.1:80\nserver a 10.0.0.2:80", "servers have no address, or one name"),
        ("server a", "servers have no address, or one name"),
        ('server "$NAME" 10.0.0.1:80', "a server's name needs quotes"),
        ("server a 10.0.0.1:80\ndefault-server check", "default-server stands behind a server"),
        ('default-server inter "$X"', "default-server names a variable"),
    ],
)
def test_servers_that_cannot_be_told(lines: str, unclear: str) -> None:
    found = backend(lines)
    assert (found.unclear, found.fixed) == (unclear, unclear)
