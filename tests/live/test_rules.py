"""Lines at which HAProxy gives up reading: which are foreseen to be good or bad, and what is asked in their place."""

from __future__ import annotations

import pytest

from lbgen.live.rules.foreseeing import version_in
from lbgen.live.rules.judging import Doubt, judge

LITTLE, SOME, GREAT = Doubt


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("http-request deny", ""),
        ("http-request set-header X-A b", ""),
        ("http-request set-header X-A 100%%", ""),
        ("http-request add-header X-A %ci:%cp", ""),
        ("http-request deny deny_status 403 if !{ src 10.0.0.0/8 } or a", "!{ src 10.0.0.0/8 } or a"),
        ("http-request redirect scheme https code 301 unless { ssl_fc }", "{ ssl_fc }"),
        ("http-request set-header X-A %[path,lower]%[src] if a", "{ path,lower -m found } { src -m found } || a"),
        ("http-request replace-path ^/a(.*) /b\\1", "{ path_reg -- ^/a(.*) }"),
        ('http-request set-var(txn.a) "req.hdr(X A)"', "{ 'req.hdr(X A)' -m found }"),
        ("http-response set-header X-A %[res.hdr(b)]", "{ res.hdr(b) -m found }"),
        ("http-after-response set-header X-A b if { status 500 }", "{ status 500 }"),
    ],
)
def test_what_follows_the_form_of_its_action_is_likely_to_be_good(line: str, asked: str) -> None:
    judged = judge(f"  {line}", "backend", (3, 2))
    assert judged is not None
    assert (judged.doubt, judged.asked) == (LITTLE, f"  tcp-request content accept if {asked}" if asked else "")


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("http-request is-new a", (3, 2)),
        ("http-request set-bc-mark 1", (2, 2)),
        ("http-request set-header X-A", None),
        ("http-request set-header X-A if a", None),
        ("http-request set-header X-A b c", None),
        ('http-request set-header X-A "b', None),
        ("timeout server 'a", None),
        (".if defined(A)", None),
    ],
)
def test_what_cannot_be_right_is_known_for_that(line: str, version: tuple[int, int] | None) -> None:
    judged = judge(line, "backend", version)
    assert judged is not None
    assert judged.doubt is GREAT


@pytest.mark.parametrize(
    "line",
    [
        "http-request lua.check a",
        "http-request is-new a",
        "http-request",
        "http-request set-header X-A %zz",
        "http-request set-header X-A 1%",
        "http-request set-header X-A %[path,regsub((a),b)]",
        "http-response set-header X-A %[path]",
        "http-request set-header X-A %[res.hdr(a)]",
        "http-request set-nice many",
        f"http-request deny if {'a ' * 61}",
        "stats http-request deny",
        "no balance",
        'http-request set-header X-A "$A"',
    ],
)
def test_of_all_else_nothing_is_known(line: str) -> None:
    judged = judge(line, "frontend", None)
    assert judged is not None
    assert judged.doubt is SOME


@pytest.mark.parametrize("line", ["", "  # http-request", "option forwardfor", "no option httplog", "acl a src ::1"])
def test_behind_other_lines_haproxy_reads_on(line: str) -> None:
    assert judge(line, "backend", (3, 2)) is None


def test_in_a_list_of_users_nothing_of_it_is_special() -> None:
    assert judge("http-request deny", "userlist", (3, 2)) is None


def test_lines_that_are_refused_for_one_reason_are_alike() -> None:
    first, second, third = (
        judge(f"http-request {rest}", "backend", (3, 2)) for rest in ("one a", "two b if c", "set-header x")
    )
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.alike == second.alike != third.alike
    assert not second.is_known_to("'http-request' expects 'deny', 'set-var(*)', but got 'one'")
    assert second.is_known_to("'http-request' expects 'deny', 'two', but got 'one'")


@pytest.mark.parametrize(
    ("said", "version"),
    [("HAProxy version 3.2.1-1 2026/01/01", (3, 2)), ("HA-Proxy version 2.2.9", (2, 2)), ("", None)],
)
def test_the_version_is_what_haproxy_says(said: str, version: tuple[int, int] | None) -> None:
    assert version_in(said) == version
