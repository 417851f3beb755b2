"""What differs between two configurations: sections and directives, not blanks, comments, or the order of sections."""

from __future__ import annotations

import pytest

from lbgen.haproxy.compare import compare
from lbgen.haproxy.parse import parse

BASE = "global\n  maxconn 10\n\nfrontend web\n  bind :80\n  use_backend app\n\nbackend app\n  server a 10.0.0.1:80\n"


def differences(old: str, new: str) -> list[str]:
    """A line for each section and each change, with the line's number."""
    return [
        text
        for section in compare(parse(old), parse(new))
        for text in (
            f"{section.sign}{section.line} {section.header}",
            *(f"{change.sign}{change.line}   {change.text}" for change in section.changes),
        )
    ]


@pytest.mark.parametrize(
    "new",
    [
        BASE,
        BASE.replace("  ", "\t").replace("\n\n", "\n"),
        BASE.replace("bind :80", "bind   :80  # everybody").replace("global", "# head\nglobal"),
        "".join(reversed([f"{part}\n\n" for part in BASE.strip().split("\n\n")])),
        BASE.replace("\n", "\r\n"),
    ],
)
def test_blanks_comments_and_the_order_of_sections_do_not_count(new: str) -> None:
    assert differences(BASE, new) == []


def test_directives_come_and_go() -> None:
    new = BASE.replace("  bind :80\n", "  bind :80\n  mode http\n").replace("10.0.0.1", "10.0.0.2")
    assert differences(BASE, new) == [
        " 4 frontend web",
        "+6   mode http",
        " 9 backend app",
        "-9   server a 10.0.0.1:80",
        "+10   server a 10.0.0.2:80",
    ]


def test_the_order_of_directives_counts() -> None:
    new = BASE.replace("  bind :80\n  use_backend app\n", "  use_backend app\n  bind :80\n")
    assert differences(BASE, new) == [" 4 frontend web", "+5   use_backend app", "-6   use_backend app"]


def test_sections_come_and_go_where_they_stand() -> None:
    new = BASE.replace("frontend web\n  bind :80\n  use_backend app\n\n", "") + "backend new\n  balance source\n"
    assert differences(BASE, new) == [
        "-4 frontend web",
        "-5   bind :80",
        "-6   use_backend app",
        "+6 backend new",
        "+7   balance source",
    ]


def test_sections_of_one_header_are_told_apart_by_their_order() -> None:
    old = "defaults\n  mode http\ndefaults\n  mode tcp\n"
    assert differences(old, old.replace("tcp", "http")) == [" 3 defaults", "-4   mode tcp", "+4   mode http"]


def test_lines_that_haproxy_cannot_read_are_compared_as_they_are() -> None:
    assert differences('global\n  a "b\n', 'global\n  a "c\n') == [" 1 global", '-2   a "b', '+2   a "c']


def test_everything_is_new_in_place_of_nothing() -> None:
    assert [line[0] for line in differences("", BASE)] == ["+"] * 7
    assert [line[0] for line in differences(BASE, "")] == ["-"] * 7
