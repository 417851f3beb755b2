"""Rules that never get a request: what is said of a table, compared with requests that are walked through it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lbgen.haproxy.parse import parse
from lbgen.routing.request import request_of_url
from lbgen.routing.route import route
from lbgen.routing.shadows import Shadows, shadows
from lbgen.routing.shapes import slots
from lbgen.routing.table import table_of
from tests.routing.asking import BACKENDS, HTTP, frontend

_HOSTS = ("a.test", "b.test", "c.test")
_PATHS = ("/", "/app", "/app/", "/application", "/app/x", "/b")
_rules = st.builds(
    lambda backend, hosts, paths: "use_backend " + backend + _condition(hosts, paths),
    st.sampled_from(("one", "two", "rest")),
    st.lists(st.sampled_from(_HOSTS), max_size=2, unique=True),
    st.lists(st.sampled_from(_PATHS), max_size=2, unique=True),
)


def _condition(hosts: list[str], paths: list[str]) -> str:
    host = f" {{ hdr(host) -i {' '.join(hosts)} }}" if hosts else ""
    path = f" {{ path_beg {' '.join(paths)} }}" if paths else ""
    return f" if{host}{path}" if host or path else ""


def _found(*rules: str) -> Shadows:
    return shadows(table_of(parse(HTTP + frontend(*rules))))


def _told(*rules: str) -> list[tuple[str, str]]:
    return [(str(shadow.loser.rule), str(shadow.winner.rule)) for shadow in _found(*rules).routes]


@given(st.lists(_rules, max_size=6))
def test_what_is_said_of_routes_is_what_becomes_of_requests(rules: list[str]) -> None:
    table = table_of(parse(HTTP + frontend(*rules) + BACKENDS))
    (proxy,) = table.frontends
    said = {(each.loser.rule.line, each.loser.host, each.loser.path) for each in shadows(table).routes}
    for rule in proxy.rules.get("use_backend", ()):
        for slot in slots(rule, proxy):
            request = request_of_url(f"http://{slot.host or 'z.test'}{slot.path.text if slot.path else '/zzz'}")
            backend = route(request, table).doors[0].ways[0].outcome.backend
            assert backend is not None
            assert ((rule.line, slot.host, slot.path) in said) == (backend.name != rule.words[0])


@pytest.mark.parametrize(
    "first",
    [
        "use_backend one",
        "use_backend one if { always_true }",
        "use_backend one if !{ ssl_fc }",
        "use_backend one if { path_beg / }",
        "use_backend one if { hdr(host) -i a.test x.test }",
        "use_backend one if { req.hdr(host) -i -m reg ^a\\.test(:[0-9]+)?$ }",
        "use_backend one if { req.hdr(host),lower a.test } { path_beg /a }",
        "use_backend one unless { ssl_fc }",
        "use_backend one if { path /app/x } or { hdr(host) a.test }",
        "use_backend one if near { hdr(host) a.test }",
        "use_backend one if { path_beg /app } { path_beg /app/x }",
    ],
)
def test_it_takes_everything(first: str) -> None:
    second = "use_backend two if { hdr(host) A.test } { path_beg /app/x/y } near"
    assert _told("acl near src 10.0.0.0/8", first, second) == [(second, first)]


@pytest.mark.parametrize(
    "first",
    [
        "use_backend one if { ssl_fc }",
        "use_backend one if FALSE",
        "use_backend one if near",
        "use_backend one if !near",
        "use_backend one if { path /app }",
        "use_backend one if { path_end / }",
        "use_backend one if { path_beg -i /APP }",
        "use_backend one if { path_beg -f paths.lst }",
        "use_backend one if { hdr(host) -m end test }",
        "use_backend one if { hdr(host) a.test } { method POST }",
        "use_backend one if { hdr(host) a.test } { hdr(host) b.test }",
        "use_backend one if { path_beg /a } { path_beg /b }",
        "use_backend one if { nbsrv(one) gt 0 }",
        'use_backend one if { hdr(host) "$HOST" }',
        "use_backend two",
    ],
)
def test_it_leaves_something(first: str) -> None:
    assert _told("acl near src 10.0.0.0/8", first, "use_backend two if { hdr(host) a.test } { path_beg /app }") == []


def test_what_may_not_be_there_takes_nothing() -> None:
    assert _told(".if defined(X)", "use_backend one", ".endif", "use_backend two") == []


def test_redirects_and_denials_take_routes_that_cannot_pass() -> None:
    found = _found(
        "redirect scheme https", "http-request deny if { path_beg /app }", "use_backend one if { path /app }"
    )
    assert len(found.redirects) == 1
    assert len(found.ended) == 2
    assert _found("http-request allow if { src ::1 }", "http-request deny", "use_backend one").ended == []


def test_passwords_are_asked_whoever_is_meant() -> None:
    found = _found(
        "http-request auth if { hdr(host) a.test } !{ http_auth(x) }", "use_backend one if { hdr(host) a.test }"
    )
    assert [shadow.loser.host for shadow in found.logins] == ["a.test"]
    assert _found("http-request auth if { hdr(host) b.test }", "use_backend one if { hdr(host) a.test }").logins == []
