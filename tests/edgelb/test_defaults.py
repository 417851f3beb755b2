"""Absent, `{}`, a part and null are four things, object by object."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.edgelb import schema
from lbgen.edgelb.defaults import filled
from lbgen.edgelb.shapes import members

ALL_ON = {
    "forwardfor": True,
    "xForwardedPort": True,
    "xForwardedProtoHttpsIfTls": True,
    "setHostHeader": True,
    "rewritePath": True,
}
REWRITE = {"request": ALL_ON, "response": {"rewriteLocation": True}}


@pytest.mark.parametrize(
    ("written", "rewrite"),
    [
        ({}, REWRITE),
        ({"rewriteHttp": {}}, REWRITE),
        ({"rewriteHttp": None}, None),
        ({"rewriteHttp": {"request": None}}, {"response": {"rewriteLocation": True}}),
        ({"rewriteHttp": {"request": {"rewritePath": False}}}, REWRITE | {"request": ALL_ON | {"rewritePath": False}}),
        ({"rewriteHttp": {"request": {"rewritePath": None}}}, REWRITE | {"request": ALL_ON | {"rewritePath": False}}),
        ({"rewriteHttp": {"path": {}}}, REWRITE | {"path": {"fromPath": "", "toPath": ""}}),
        ({"rewriteHttp": {"path": {"fromPath": "/a"}}}, REWRITE | {"path": {"fromPath": "/a", "toPath": ""}}),
        ({"rewriteHttp": {"sticky": {}}}, REWRITE | {"sticky": {"enabled": True}}),
        ({"rewriteHttp": {"sticky": {"enabled": False}}}, REWRITE | {"sticky": {"enabled": False}}),
        ({"rewriteHttp": {"sticky": {"enabled": None}}}, REWRITE | {"sticky": {"enabled": False}}),
        ({"rewriteHttp": {"sticky": None}}, REWRITE),
    ],
)
def test_rewriting_is_on_unless_it_is_turned_off(written: dict[str, Any], rewrite: dict[str, Any] | None) -> None:
    assert filled(schema.Backend, written).get("rewriteHttp") == rewrite


@pytest.mark.parametrize(
    ("written", "redirect"),
    [({}, None), ({"redirectToHttps": None}, None), ({"redirectToHttps": {}}, {"except": []})],
)
def test_a_redirect_is_there_where_it_is_written(written: dict[str, Any], redirect: dict[str, Any] | None) -> None:
    assert filled(schema.Frontend, written).get("redirectToHttps") == redirect


@pytest.mark.parametrize(
    ("written", "check"),
    [
        ({}, None),
        ({"customCheck": {}}, {"httpchk": False, "sslHelloChk": False}),
        ({"customCheck": {"httpchk": True}}, {"httpchk": True, "sslHelloChk": False}),
    ],
)
def test_a_custom_check_has_no_default(written: dict[str, Any], check: dict[str, Any] | None) -> None:
    assert filled(schema.Backend, written).get("customCheck") == check


def test_a_pool_that_says_nothing_has_statistics_on_9090() -> None:
    assert filled(schema.Pool, {})["haproxy"] == {
        "stats": {"bindAddress": "0.0.0.0", "bindPort": 9090},
        "frontends": [],
        "backends": [],
    }


def test_part_of_the_statistics_keeps_the_rest() -> None:
    haproxy = filled(schema.Pool, {"haproxy": {"stats": {"bindAddress": "127.0.0.1"}}})["haproxy"]
    assert haproxy["stats"] == {"bindAddress": "127.0.0.1", "bindPort": 9090}


@pytest.mark.parametrize(("kind", "port"), [(schema.Frontend, 0), (schema.FrontendV1, -1)])
def test_a_frontends_port_is_chosen_at_run_time_since_v2(kind: Any, port: int) -> None:
    assert filled(kind, {})["bindPort"] == port


def test_a_service_checks_its_servers_unless_told_otherwise() -> None:
    assert filled(schema.Service, {})["endpoint"]["check"] == {"enabled": True}
    given = {"endpoint": {"check": {"customStr": "inter 5s"}}}
    assert filled(schema.Service, given)["endpoint"]["check"] == {"enabled": True, "customStr": "inter 5s"}


def test_what_is_filled_in_is_nobody_elses() -> None:
    first, second = filled(schema.Frontend, {"certificates": None}), filled(schema.Frontend, {})
    first["certificates"].append("$AUTOCERT")
    assert second["certificates"] == filled(schema.Frontend, {"certificates": None})["certificates"] == []


def test_every_default_is_of_a_member_that_there_is() -> None:
    for kind, defaults in schema.DEFAULTS.items():
        assert defaults.keys() <= members(kind).keys(), kind
