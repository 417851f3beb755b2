"""Conditions that exclude each other: what is said of them, and requests that prove it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.haproxy.parse import parse
from lbgen.routing.contradictions import contradictions
from lbgen.routing.table import table_of
from tests.routing.asking import HTTP, ends, frontend

_HOSTS = (
    "hdr(host) a.test",
    "hdr(host) -i A.test b.test",
    "hdr(host) -i -m reg ^a[.]",
    "hdr(host) -m beg a",
    "hdr(host) -m end .test",
    "hdr(host) -m reg \\.org$",
    "hdr(host) -i -m reg ^b\\.test(:[0-9]+)?$",
    "hdr(host) -m reg ^b\\.test:80$",
    "hdr(host) -m reg ^ab?",
    "hdr(host) -m reg ^(b|a)",
)
_PATHS = (
    "path /a",
    "path_beg /a /b",
    "path_beg /b/c",
    "path_end c",
    "path_reg ^/a+$",
    "path_reg ^/b/?",
    "path_reg ^/(a|b)",
    "path_reg c$",
    "path_reg -i ^/A",
    "path_sub b",
)
_terms = st.lists(st.sampled_from((*_HOSTS, *_PATHS)), min_size=1, max_size=3)
_URLS = [
    f"http://{host}{path}"
    for host in ("a.test", "b.test", "b.test:80", "a.org", "ab.test", "b.org", "c.test", "a.test:80")
    for path in ("/", "/a", "/aa", "/b", "/b/", "/b/c", "/b/x/c", "/a/c", "/ac", "/bc", "/A")
]


def _rule(terms: list[str]) -> str:
    return f"use_backend one if {' '.join(f'{{ {term} }}' for term in terms)}"


def _said(*rules: str) -> list[str]:
    found = contradictions(table_of(parse(HTTP + frontend(*rules))))
    return [f"{each.one} / {each.other}" for each in found]


@given(_terms)
def test_no_request_meets_what_is_said_to_exclude_each_other(terms: list[str]) -> None:
    rule = _rule(terms)
    if _said(rule):
        for url in _URLS:
            given_host = [("Host", url.removeprefix("http://").partition("/")[0])]
            assert ends(frontend(rule), url, headers=given_host) == ["rest"], url


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (["hdr(host) a.test", "hdr(host) -i B.test"], 'the host is "a.test" / the host is "b.test"'),
        (["path_beg /a", "path /b"], 'the path begins with "/a" / the path is "/b"'),
        (["path_beg /a", "path_reg ^/v[0-9]"], 'the path begins with "/a" / the path begins with "/v"'),
        (["path /a.php", "path_end .html"], 'the path is "/a.php" / the path ends in ".html"'),
        (["hdr(host) -m reg \\.org$", "hdr(host) a.test"], 'the host ends in ".org" / the host is "a.test"'),
    ],
)
def test_it_is_said_why(terms: list[str], said: str) -> None:
    assert _said(_rule(terms)) == [said]


def test_acls_are_looked_into_and_every_case_has_to_fail() -> None:
    acls = ("acl a hdr(host) a.test", "acl b hdr(host) b.test")
    assert len(_said(*acls, "use_backend one if a b")) == 1
    assert len(_said(*acls, "redirect scheme https if a b or b a")) == 1
    assert _said(*acls, "use_backend one if a b or a") == []
    assert _said(*acls, "use_backend one if a !b") == []
    assert _said(*acls, "use_backend one unless a b") == []
    assert _said(*acls, "acl a hdr(host) b.test", "use_backend one if a b") == []
