"""The expressions of Go: searched anywhere, and never for long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.edgelb.re2 import LONGEST, pattern
from lbgen.edgelb.re2_reader import BadPattern

FOUND = [
    ("kube-apiserver", "kube-apiserver-0-instance"),
    ("^broker-.*$", "broker-0-x"),
    ("^broker-*$", "broker---"),
    ("(?i)KUBE", "a-kube"),
    ("a(?i)B", "ab"),
    ("(?i:A)b", "ab"),
    ("(?:a|b){2,3}", "ba"),
    ("x{0}y", "y"),
    (r"\d+\.\w\b", "12.a-"),
    ("[[:alpha:]]-[^a-c]", "q-z"),
    (r"[\]\-]", "]"),
    ("[]a]", "]"),
    (r"\Qa.b\E+c", "a.bbc"),
    (r"\x41\x{42}", "AB"),
    ("^$", ""),
    ("a|", ""),
]
NOT_FOUND = [
    ("^broker-*$", "broker-0"),
    ("a(?i)B", "AB"),
    ("(?i:A)b", "AB"),
    (r"\bb", "ab"),
    (r"\Aa\z", "ba"),
    (r"\d", "\u0665"),
    (".", "\n"),
    ("[^a]", "a"),
    (r"\Qa.b\E", "axb"),
]


@pytest.mark.parametrize(("text", "name"), FOUND)
def test_is_found(text: str, name: str) -> None:
    assert pattern(text).found_in(name)


@pytest.mark.parametrize(("text", "name"), NOT_FOUND)
def test_is_not_found(text: str, name: str) -> None:
    assert not pattern(text).found_in(name)


@pytest.mark.parametrize(
    ("text", "sentence", "at"),
    [
        ("*.example.com", "'*' repeats nothing", 0),
        ("a**", "a repetition is repeated; put the inner one into parentheses", 2),
        ("a(b", "a '(' is not closed", 1),
        ("a)", "a ')' closes no group", 1),
        ("[a", "a '[' is not closed", 0),
        ("(?=a)", "such a group is not known to Go, which cannot look around", 0),
        ("(?<!a)", "such a group is not known to Go, which cannot look around", 0),
        (r"(a)\1", "'\\1' is not known to Go", 3),
        ("a{2,1}", "{2,1} is no number of repetitions", 1),
        ("a{1001}", "{1001} is no number of repetitions", 1),
        ("[z-a]", "[z-a] is no class of characters: bad character range z-a", 0),
        ("((a{100}){100}){100}", "it is too large: its repetitions multiply", 16),
        ("a" * (LONGEST + 1), f"it has {LONGEST + 1} characters, more than {LONGEST}", LONGEST),
    ],
)
def test_what_go_would_refuse_is_told_with_its_place(text: str, sentence: str, at: int) -> None:
    with pytest.raises(BadPattern) as caught:
        pattern(text)
    assert str(caught.value) == sentence
    assert text[:3] == "((a" or caught.value.at == at


def test_nothing_is_tried_twice() -> None:
    # An engine that goes back and tries again needs 2**60 steps for this.
    assert not pattern("^(a+)+$").found_in("a" * 60 + "b")


PIECES = st.sampled_from(
    [
        "a",
        "b",
        "ab",
        ".",
        "-",
        "a*",
        "b+",
        "(?:ab)?",
        "[ab]",
        "[^a]",
        "(a|b)",
        "a{2}",
        "(ab){1,2}",
        "^",
        "$",
        "\\.",
        "\\w",
        "|",
    ]
)


@given(st.lists(PIECES, max_size=6).map("".join), st.text("ab-.", max_size=8))
def test_agrees_with_the_engine_of_python_on_what_both_know(text: str, name: str) -> None:
    assert pattern(text).found_in(name) == (re.search(text, name) is not None)
