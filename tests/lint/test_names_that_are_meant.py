"""Host names, groups and hashes: what they are mistaken for."""

from __future__ import annotations

import pytest

from lbgen.lint.rules.routing.host_names import slip_in
from lbgen.lint.rules.routing.slips import Slips
from lbgen.lint.rules.values.crypt_hashes import problem_of


@pytest.mark.parametrize(
    "host", ["a", "Shop.example.com", "under_score.x", "10.0.0.1", "xn--bcher-kva.de", "a" * 63 + ".x"]
)
def test_names_of_hosts(host: str) -> None:
    assert slip_in(host) is None


@pytest.mark.parametrize(
    ("host", "meant", "safe"),
    [
        ("https://a.x", "a.x", True),
        ("//a.x/", "a.x", True),
        ("a.x:80", "a.x", True),
        ("a.x:8080", "a.x", False),
        ("a.x/b", "a.x", False),
        ("a.x.", "a.x", True),
        ("bücher.de", "xn--bcher-kva.de", True),
        ("faß.de", None, True),
        ("a b", "a,b", False),
        ("a ?", None, False),
        ("-a.x", None, False),
        ("a" * 64, None, False),
        ("https://", None, True),
        ("a:b:c", None, False),
        ("[::1]:80", None, False),
        ("ü" * 70, None, True),
        ("\ud800.x", None, True),
    ],
)
def test_what_is_no_name_of_a_host(host: str, meant: str | None, safe: bool) -> None:
    slip = slip_in(host)
    assert slip is not None
    assert slip.meant == meant
    assert slip.safe == safe or meant is None


@pytest.mark.parametrize("text", ["exteranl", "External", "externa", "externall", "extermal", "ex-ternal", " xternal"])
def test_slips_of_one_letter(text: str) -> None:
    assert Slips(["external", "internal"]).meant_by(text) == "external"


@pytest.mark.parametrize("text", ["external", "internal", "external2", "extranet", "public", "", "ext", "x" * 1000])
def test_other_names_are_no_slips(text: str) -> None:
    assert Slips(["external", "internal"]).meant_by(text) is None


def test_digits_tell_names_apart() -> None:
    slips = Slips(["lb-1", "lb-10"])
    assert slips.meant_by("lb-2") is None
    assert slips.meant_by("LB-10") == "lb-10"


@pytest.mark.parametrize("text", ["$6$a$" + "x" * 86, "$5$rounds=99$a$" + "x" * 43, "$1$$" + "x" * 22, "rqXexS6ZhobKA"])
def test_hashes(text: str) -> None:
    assert problem_of(text) is None


@pytest.mark.parametrize(
    ("text", "part"),
    [("secret", "clear text"), ("$6$a$short", "beginning"), ("$apr1$a$b", "Apache"), ("{SHA}x", "LDAP"), ("", "empty")],
)
def test_what_is_no_hash_is_not_repeated(text: str, part: str) -> None:
    problem = problem_of(text)
    assert problem is not None
    assert part in problem
    assert not text or text not in problem
