"""The keyword tables: what each version takes where, and how a line's keyword is found."""

from __future__ import annotations

import pytest

from lbgen.haproxy.keywords import Standing, Version, sections_of, tables, words_of
from lbgen.haproxy.removed import DEPRECATED, REMOVED
from lbgen.haproxy.words import lex

KNOWN, IGNORED, REFUSED, GONE, UNKNOWN = (
    Standing.KNOWN,
    Standing.IGNORED,
    Standing.REFUSED,
    Standing.REMOVED,
    Standing.UNKNOWN,
)


@pytest.mark.parametrize(
    ("section", "keyword", "version", "standing"),
    [
        ("frontend", "acl", (2, 2), KNOWN),
        ("backend", "timeout client", (3, 2), IGNORED),
        ("backend", "option httplog", (2, 2), IGNORED),
        ("frontend", "server", (2, 2), REFUSED),
        ("defaults", "bind", (3, 2), REFUSED),
        ("defaults", "http-request deny", (3, 2), REFUSED),
        ("named defaults", "http-request deny", (2, 2), REFUSED),
        ("named defaults", "http-request deny", (2, 6), KNOWN),
        ("backend", "rspadd", (2, 2), GONE),
        ("frontend", "option http_proxy", (2, 2), KNOWN),
        ("frontend", "option http_proxy", (2, 6), GONE),
        ("global", "nbproc", (2, 4), KNOWN),
        ("global", "nbproc", (2, 5), GONE),
        ("frontend", "reqsetbe", (3, 2), GONE),
        ("frontend", "nonsense", (3, 2), UNKNOWN),
        ("frontend", "http-request return", (2, 2), KNOWN),
        ("frontend", "http-request pause", (3, 0), UNKNOWN),
        ("frontend", "http-request pause", (3, 1), KNOWN),
        ("frontend", "http-request pause", (3, 2), KNOWN),
        ("frontend", "http-request pause", (3, 4), KNOWN),
        ("backend", "option use-small-buffers", (3, 2), UNKNOWN),
        ("backend", "option use-small-buffers", (3, 4), KNOWN),
        ("backend", "dispatch", (3, 2), KNOWN),
        ("backend", "dispatch", (3, 3), Standing.DEPRECATED),
        ("global", "tune.lua.bool-sample-conversion", (3, 0), UNKNOWN),
        ("global", "tune.lua.bool-sample-conversion", (3, 2), KNOWN),
        ("server", "ws", (2, 2), UNKNOWN),
        ("server", "ws", (2, 6), KNOWN),
        ("bind", "process", (2, 2), KNOWN),
        ("bind", "process", (3, 0), GONE),
        ("resolvers", "nameserver", (2, 2), KNOWN),
    ],
)
def test_how_a_version_takes_a_keyword(section: str, keyword: str, version: Version, standing: Standing) -> None:
    assert tables().standing(section, keyword, version) is standing


@pytest.mark.parametrize(
    ("section", "line", "phrase", "length"),
    [
        ("frontend", "acl a path /", "acl", 1),
        ("frontend", "http-request set-header a b", "http-request set-header", 2),
        ("frontend", "http-request set-var(txn.a) path", "http-request set-var*", 2),
        ("frontend", "http-request track-sc9 src", "http-request track-sc*", 2),
        ("frontend", "http-request nonsense(a)", "http-request nonsense", 2),
        ("frontend", "http-request", "http-request", 1),
        ("frontend", "tcp-request content accept if a", "tcp-request content accept", 3),
        ("frontend", "tcp-request inspect-delay 5s", "tcp-request inspect-delay", 2),
        ("backend", "no option httplog", "option httplog", 3),
        ("backend", "default option httplog", "option httplog", 3),
        ("backend", "no log", "log", 2),
        ("global", "stats socket /x", "stats socket", 2),
        ("global", "timeout client 3s", "timeout", 1),
        ("resolvers", "timeout retry 1s", "timeout", 1),
    ],
)
def test_the_words_that_make_the_keyword(section: str, line: str, phrase: str, length: int) -> None:
    found = tables().phrase(section, lex(line))
    assert (found.text, found.length) == (phrase, length)


def test_everything_that_haproxy_calls_removed_or_deprecated_is_described() -> None:
    known = tables()
    for words in known.sections.values():
        gone = {word for word, letters in words.items() if "r" in letters}
        fading = {word for word, letters in words.items() if "d" in letters}
        assert gone <= REMOVED.keys()
        assert fading <= REMOVED.keys() | DEPRECATED.keys()


def test_kinds_of_sections_come_and_go() -> None:
    assert "log-forward" not in sections_of((2, 2))
    assert {"log-forward", "program"} <= sections_of((2, 6))
    assert "acme" in sections_of((3, 2))
    assert "program" not in sections_of((3, 3))


def test_the_words_of_a_section_are_those_that_it_takes() -> None:
    words = words_of("backend", (3, 2))
    assert {"server", "option httpchk", "timeout server"} <= set(words)
    assert not {"rspadd", "acl_nonsense"} & set(words)
