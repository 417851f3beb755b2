"""`server` lines as the runtime API has them."""

from __future__ import annotations

import pytest

from lbgen.haproxy.parse import parse
from lbgen.live.haproxy.servers import Server, keywords, read_server


def server(line: str, *defaults: str) -> Server:
    directive = parse(f"backend b\n{line}").sections[0].directives[0]
    found = read_server(directive, defaults)
    assert found is not None
    return found


def test_what_can_change_stands_apart_from_the_rest() -> None:
    found = server("server a 10.0.0.1:31000 id 5 check weight 7 inter 2s disabled")
    assert (found.name, found.where, found.address, found.port) == ("a", "10.0.0.1:31000", "10.0.0.1", 31000)
    assert (found.weight, found.disabled, found.options) == (7, True, ("id", "5", "check", "inter", "2s"))
    assert (found.numbered, found.checked, found.literal) == (True, True, True)


def test_without_words() -> None:
    found = server("server a 10.0.0.1:80")
    assert (found.weight, found.disabled, found.options) == (1, False, ())
    assert (found.numbered, found.checked, found.agent, found.tracks) == (False, False, False, False)


@pytest.mark.parametrize(
    ("where", "address", "port", "place"),
    [
        ("[::1]:80", "::1", 80, "[::1]:80"),
        ("[2001:DB8:0::1]:80", "2001:db8::1", 80, "[2001:db8::1]:80"),
        ("10.0.0.1:1", "10.0.0.1", 1, "10.0.0.1:1"),
    ],
)
def test_addresses(where: str, address: str, port: int, place: str) -> None:
    found = server(f"server a {where}")
    assert (found.address, found.port, found.place) == (address, port, place)


@pytest.mark.parametrize(
    "where", ["web.example.org:80", "10.0.0.1", "10.0.0.1:+100", "10.0.0.1:0", "10.0.0.1:65536", "::1:80", "/run/s"]
)
def test_what_is_no_address_with_a_port(where: str) -> None:
    found = server(f"server a {where}")
    assert (found.where, found.address, found.port) == (where, None, None)


def test_words_of_defaults_come_first_and_the_own_ones_win() -> None:
    found = server(
        "server a 10.0.0.1:80 weight 3 enabled no-check id 4", "check", "weight", "9", "disabled", "fall", "5"
    )
    assert (found.weight, found.disabled, found.checked) == (3, False, False)
    assert found.options == ("fall", "5", "id", "4")


def test_arguments_are_no_keywords() -> None:
    found = server("server a 10.0.0.1:80 cookie disabled sni check")
    assert (found.disabled, found.checked) == (False, False)
    assert keywords(found.options) == {"cookie", "sni"}


@pytest.mark.parametrize("words", ["cookie 'a b'", 'cookie "$X"', "cookie a;b", "cookie a\\ b", "sni 'str(\"x\")'"])
def test_words_that_mean_something_else_on_a_command_line(words: str) -> None:
    assert not server(f"server a 10.0.0.1:80 {words}").literal
    assert server("server a 10.0.0.1:80 cookie 0a9f sni req.hdr(host)").literal


def test_a_line_without_an_address() -> None:
    assert read_server(parse("backend b\nserver a").sections[0].directives[0]) is None
