"""Examples of what regular expressions match."""

from __future__ import annotations

import re

import pytest

from lbgen.emulate.spelled import spelled


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^/r/[0-9]+$", "/r/0"),
        (r"^(www\.)?shop\.example\.org(:[0-9]+)?$", "shop.example.org"),
        (r"^/admin(/.*)?$", "/admin"),
        (r"^[a-z]+\.reg\.example\.org$", "a.reg.example.org"),
        (r"^/v\d{2,3}/(?:a|b)", "/v11/a"),
        (r"\.(png|gif)$", ".png"),
        (r"(?i)^/X[^/]+/$", "/Xa/"),
        (r"^[[:alpha:]]+?$", "a"),
        (r"^[]x]y", "]y"),
        (r"^/[[:]", "/["),
        (r"^(?P<name>a)b{2}", "abb"),
        (".*", ""),
    ],
)
def test_the_first_that_matches(pattern: str, text: str) -> None:
    assert spelled(pattern) == text
    if "[[:" not in pattern:
        assert re.search(pattern, text)


@pytest.mark.parametrize(
    "pattern",
    [r"^(?!/x)", "(", ")", "a[", "\\", r"(a)\1", "x{999}", "(" * 5000, r"\p{L}", r"^/[^a-zA-Z0-1._~-]"],
)
def test_what_cannot_be_told_is_none(pattern: str) -> None:
    assert spelled(pattern) is None
