"""Conditions: what they ask for, and what they say of a request."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

from tests.routing.asking import ends, frontend

URL = "http://shop.example.org:80/app/x.php?token=a&x=1"
GIVEN: dict[str, Any] = {
    "headers": [("X-Kind", "Blue, green"), ("Cookie", "who=anna; color=red")],
    "client": ip_address("10.1.2.3"),
}


@pytest.mark.parametrize(
    "condition",
    [
        "if { hdr(host) shop.example.org }",
        "if { hdr(host) -i SHOP.example.org other }",
        "if { hdr_beg(host) shop. }",
        "if { hdr(host) -m end example.org }",
        "if { hdr_dom(host) example }",
        "if { req.hdr(host),lower,field(1,.) shop }",
        "if { req.hdr(host),upper -m str SHOP.EXAMPLE.ORG }",
        "if { hdr(x-kind) green }",
        "if { hdr_cnt(x-kind) 2 }",
        "if { req.fhdr(x-kind) 'Blue, green' }",
        "if { path /app/x.php }",
        "if { path_beg /nope /app }",
        "if { path_end .php }",
        "if { path_sub p/x }",
        "if { path_dir app }",
        "if { path_reg ^/a.*[.]php$ }",
        "if { path_len gt 5 }",
        "if { path -m found }",
        "if { url_beg /app/x.php?token }",
        "if { base shop.example.org/app/x.php }",
        "if { query -m sub x=1 }",
        "if { url_param(token) a }",
        "if { cook(color) red }",
        "if { method GET }",
        "if METH_GET",
        "if { src 192.0.2.0/24 10.0.0.0/8 }",
        "if { dst_port 80:90 }",
        "if { dst_port ge 80 }",
        "if !{ ssl_fc }",
        "if TRUE",
        "if !FALSE",
        "if { always_true }",
        "if { hdr(host) nope } or { path_beg /app }",
        "if { hdr(host) nope } || { path_beg /app } { method GET }",
        "if ! { path_beg /nope }",
        "unless { path_beg /nope }",
        "unless { path_beg /nope } or { path_beg /no }",
        "if { hdr(x-none),map(hosts.map) nope } or { hdr(host),map(hosts.map) api }",
        "if { path -f paths.lst }",
        "if { path,map_beg(paths.map) long }",
        "if { hdr(host),regsub(\\..*$,,) shop }",
        "if { hdr(host),word(2,.) example }",
        "if { str(a) a }",
        "if { path,length 10 }",
    ],
)
def test_it_holds(condition: str) -> None:
    files = {
        "hosts.map": "# a comment\nshop.example.org api\n",
        "paths.lst": "/else\n/app/x.php\n",
        "paths.map": "/a short\n/app long\n",
    }
    assert ends(frontend(f"use_backend one {condition}"), URL, files, **GIVEN) == ["one"]


@pytest.mark.parametrize(
    "condition",
    [
        "if { hdr(host) SHOP.example.org }",
        "if { hdr(host) -i -- -i }",
        "if { hdr(x-none) -m found }",
        "if { hdr_dom(host) exam }",
        "if { path_dir ap }",
        "if { path_beg /APP }",
        "if { path_reg ^app }",
        "if { method POST }",
        "if { src 10.0.0.0/16 }",
        "if { dst_port lt 80 }",
        "if { ssl_fc }",
        "if { ssl_fc_sni shop.example.org }",
        "if { req.ssl_sni shop.example.org }",
        "if { path_beg /app } { method POST }",
        "unless { path_beg /app }",
        "if { hdr(host),map(hosts.map) -m found }",
        "if { hdr(host),field(9,.) shop }",
    ],
)
def test_it_does_not_hold(condition: str) -> None:
    assert ends(frontend(f"use_backend one {condition}"), URL, {"hosts.map": "b c\n"}, **GIVEN) == ["rest"]


@pytest.mark.parametrize(
    "condition",
    [
        "if { nbsrv(one) gt 1 }",
        "if { src_get_gpc0 gt 1 }",
        "if { hdr(host),base64 x }",
        "if { hdr(host) -m nonsense x }",
        "if { path -f /not/given }",
        "if { hdr(host),map(/not/given) x }",
        "if { path_reg (?<broken }",
        "if { hdr(host) -M -f x }",
        'if { path_beg "$PREFIX" }',
        "if nowhere",
        "if { path( }",
        "if { }",
        "unless { nbsrv(one) gt 1 }",
        "if { src shop.example.org }",
    ],
)
def test_it_cannot_be_judged_and_both_ways_are_told(condition: str) -> None:
    assert ends(frontend(f"use_backend one {condition}"), URL, **GIVEN) == ["one", "rest"]


@pytest.mark.parametrize("condition", ["if { nbsrv(one) 1 } { path /nope }", "if { path /nope } { nbsrv(one) 1 }"])
def test_what_cannot_be_judged_does_not_matter_where_something_else_fails(condition: str) -> None:
    assert ends(frontend(f"use_backend one {condition}"), URL) == ["rest"]


def test_what_cannot_be_judged_does_not_matter_where_something_else_holds() -> None:
    assert ends(frontend("use_backend one if { nbsrv(one) 1 } or { path_beg / }"), URL) == ["one"]


def test_acls_of_one_name_are_joined_wherever_they_stand() -> None:
    rules = ("acl app hdr(host) nope", "use_backend one if app", "acl app path_beg /app")
    assert ends(frontend(*rules), URL) == ["one"]


def test_a_client_that_nobody_told_of_may_be_anybody() -> None:
    assert ends(frontend("use_backend one if { src 10.0.0.0/8 }"), URL) == ["one", "rest"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, "login 401 Staff"),
        ({"user": "anna"}, "rest"),
        ({"user": "stranger"}, "login 401 Staff"),
        ({"headers": [("Authorization", "Basic c3RyYW5nZXI6eA==")]}, "login 401 Staff"),
        ({"headers": [("Authorization", "Bearer x")]}, "login 401 Staff"),
    ],
)
def test_passwords(given: dict[str, Any], found: str) -> None:
    users = "userlist staff\n  user anna password x\n"
    assert ends(users + frontend("http-request auth realm Staff unless { http_auth(staff) }"), URL, **given) == [found]


def test_whether_a_password_is_right_is_not_known() -> None:
    users = "userlist staff\n  user anna password x\n"
    text = users + frontend("http-request auth realm Staff unless { http_auth(staff) }")
    assert ends(text, URL, headers=[("Authorization", "Basic YW5uYTp4")]) == ["login 401 Staff", "rest"]


def test_groups_of_users() -> None:
    users = "userlist staff\n  group admins users anna\n  user anna password x groups other\n  user bert password x\n"
    text = users + frontend("use_backend one if { http_auth_group(staff) admins }")
    assert [ends(text, URL, user=user) for user in ("anna", "bert", None)] == [["one"], ["rest"], ["rest"]]


def test_what_stands_behind_an_if_may_be_there_or_not() -> None:
    rules = (".if defined(ONE)", "use_backend one", ".endif", "use_backend two if { path_beg / }")
    assert ends(frontend(*rules), URL) == ["one", "two"]
