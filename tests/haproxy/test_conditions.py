"""Conditional blocks: which lines a version skips, and which conditional lines are out of place."""

from __future__ import annotations

import pytest

from lbgen.haproxy.conditions import blocks, decided
from lbgen.haproxy.parse import parse


@pytest.mark.parametrize(
    ("condition", "version", "holds"),
    [
        ("version_atleast(3.1)", (3, 2), True),
        ("version_atleast(3.1)", (3, 0), False),
        ("version_atleast(3.1-dev5)", (3, 2), True),
        ("version_before(2.6)", (2, 4), True),
        ("version_before(3)", (3, 0), False),
        ("!version_before(3)", (3, 0), True),
        ("1", (3, 0), True),
        ("0", (3, 0), False),
        ("", (3, 0), False),
        ("defined(X)", (3, 0), None),
        ("!defined(X)", (3, 0), None),
        ("feature(OPENSSL) && version_atleast(3.1)", (3, 0), False),
        ("feature(OPENSSL) && version_atleast(3.1)", (3, 2), None),
        ("feature(OPENSSL) || version_atleast(3.1)", (3, 2), True),
        ("(version_atleast(3.1) || 0) && 1", (3, 2), True),
        ("version_atleast(3.1", (3, 2), None),
        ("version_atleast(x)", (3, 2), None),
        ('streq("$X",a b)', (3, 2), None),
        ("1 &&", (3, 2), None),
    ],
)
def test_a_condition_holds_or_not_or_nobody_knows(
    condition: str,
    version: tuple[int, int],
    holds: bool | None,
) -> None:
    assert decided(condition, version) is holds


BRANCHES = """\
global
.if version_atleast(3.1)
  new
.elif defined(X)
  maybe
.else # a comment
  old
.endif
  always
"""


@pytest.mark.parametrize(
    ("version", "skipped"),
    [((3, 2), {5, 7}), ((3, 0), {3})],
)
def test_lines_of_branches_that_are_not_taken_are_skipped(version: tuple[int, int], skipped: set[int]) -> None:
    assert blocks(parse(BRANCHES), version).skipped == skipped


def test_what_stands_in_a_skipped_branch_is_skipped_as_a_whole() -> None:
    text = ".if 0\n.if 1\n  inner\n.else\n  other\n.endif\n.endif\n  out\n"
    assert blocks(parse(text), (3, 2)).skipped == {3, 5}


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("global\n.if 1\n", 2, "'.if' is never closed by an '.endif'"),
        ("global\n.endif\n", 2, "'.endif' has no '.if' in front of it"),
        (".else\n", 1, "'.else' has no '.if' in front of it"),
        (".if 1\n.else\n.elif 1\n.endif\n", 3, "'.elif' stands behind the '.else' of its '.if'"),
    ],
)
def test_conditional_lines_out_of_place_are_told(text: str, line: int, reason: str) -> None:
    assert blocks(parse(text), (3, 2)).misplaced == ((line, reason),)


def test_a_word_that_merely_begins_with_a_dot_is_none() -> None:
    assert blocks(parse("global\n.iffy 1\n"), (3, 2)).misplaced == ()
