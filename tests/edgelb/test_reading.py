"""Every shape of a document, which version counts, and all faults at once."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.finding import Severity
from tests.edgelb.pools import backend, frontend, load, only, pool, pool_v1, said


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        (pool(), [""]),
        ({"pools": [pool()]}, ["/pools/0"]),
        ({"pools": [pool(), pool(name="q")]}, ["/pools/0", "/pools/1"]),
        ([pool(), pool(name="q")], ["/0", "/1"]),
        ({"pools": [{"apiVersion": "V2", "name": "p", "v2": pool()}]}, ["/pools/0/v2"]),
        ({"apiVersion": "V1", "name": "p", "v1": pool_v1()}, ["/v1"]),
    ],
)
def test_pools_are_found_in_every_shape(document: Any, pointers: list[str]) -> None:
    loaded = load(document)
    assert [each.at for each in loaded.pools] == pointers
    assert said(loaded.findings) == []


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (7, "this should be a pool, is the number 7"),
        ({}, 'this is no pool: it has no "haproxy"'),
        ({"pools": {}}, 'this "pools" should be a list, is an object'),
        ({"pools": []}, "there is no pool in it"),
        ({"pools": [None]}, "should be a pool, is null"),
        ({"id": "/web", "cmd": "x"}, "this is a Marathon app, not a pool: lbgen haproxy from-app reads it"),
        ({"apps": []}, "this is a reply of Marathon, not a pool: lbgen haproxy from-app reads it"),
        ({"frontends": []}, 'this is only the "haproxy" part of a pool'),
    ],
)
def test_what_is_no_pool_is_told(document: Any, sentence: str) -> None:
    loaded = load(document)
    assert [message for _, message in said(loaded.findings)] == [sentence]
    assert (loaded.pools, loaded.left_out) == ([], 1)


def without_version(value: dict[str, Any]) -> dict[str, Any]:
    return {key: inside for key, inside in value.items() if key != "apiVersion"}


@pytest.mark.parametrize(
    ("document", "version", "warns"),
    [
        (pool(), "V2", False),
        (pool_v1(), "V1", False),
        ({"pools": [pool()]}, "V2", False),
        (without_version(pool()), "V2", True),
        (without_version(pool_v1()), "V1", True),
        ({"pools": [without_version(pool_v1())]}, "V1", True),
    ],
)
def test_the_version_is_the_written_one_or_a_guess_that_is_told(document: Any, version: str, warns: bool) -> None:
    loaded = load(document)
    assert [each.version for each in loaded.pools] == [version]
    rules = [finding.rule for finding in loaded.findings if finding.severity is Severity.WARNING]
    assert rules == (["no-api-version"] if warns else [])


def test_a_version_in_small_letters_is_none() -> None:
    (finding,) = (each for each in load(pool(apiVersion="v2")).findings if each.severity is Severity.ERROR)
    assert finding.message == '"apiVersion" should be V1 or V2, is "v2"'
    assert finding.help == 'did you mean "V2"?'


def test_every_fault_of_a_pool_is_told_at_once() -> None:
    bad = pool(
        name="Upper",
        count="two",
        frontends=[frontend(bindPort="80"), frontend(protocol="http", linkBackend={"map": [{"hostEq": 5}]}), 3],
        backends=[backend(protocol=None, miscStrs=["ok", 1], services=[{"endpoint": {"port": 1.5}}])],
        secrets=[{"secret": "s"}],
    )
    assert said(load(bad).findings) == [
        ("/count", '"count" should be a whole number, is the string "two"'),
        ("/haproxy/frontends/0/bindPort", '"bindPort" should be a whole number, is the string "80"'),
        ("/haproxy/frontends/1/linkBackend/map/0/hostEq", '"hostEq" should be a string, is the number 5'),
        ("/haproxy/frontends/2", "this should be an object, is the number 3"),
        ("/haproxy/backends/0/miscStrs/1", "this should be a string, is the number 1"),
        ("/haproxy/backends/0/services/0/endpoint/port", '"port" should be a whole number, is the number 1.5'),
        ("/name", '"name" should be small letters, digits and \'-\', with a letter or digit at both ends, is "Upper"'),
        ("/secrets/0/file", '"file" is missing'),
        ("/haproxy/frontends/1/protocol", '"protocol" should be HTTP, HTTPS, TCP or TLS, is "http"'),
        ("/haproxy/frontends/1/linkBackend/map/0/backend", '"backend" is missing'),
        ("/haproxy/backends/0/protocol", '"protocol" is missing: HTTP, HTTPS, TCP or TLS'),
        ("/haproxy/backends/0/services/0", "no task is chosen"),
    ]


@pytest.mark.parametrize(
    ("document", "pointer", "help_"),
    [
        (pool(rol="*"), "/rol", 'did you mean "role"?'),
        (pool(poolhealthcheckTimeout=5), "/poolhealthcheckTimeout", 'did you mean "poolHealthcheckTimeout"?'),
        (
            pool(frontends=[frontend(redirectToHttps={"items": {"host": "a"}})]),
            "/haproxy/frontends/0/redirectToHttps/items",
            'it knows "except" alone, a list of {"host", "pathBeg"}; without that, all requests go to HTTPS',
        ),
        (
            pool(backends=[backend(request={"forwardfor": False})]),
            "/haproxy/backends/0/request",
            '"request" belongs into "rewriteHttp"',
        ),
        (
            pool(
                backends=[
                    backend(services=[{"framework": {}, "marathon": {"serviceID": "/a"}, "endpoint": {"port": 1}}])
                ]
            ),
            "/haproxy/backends/0/services/0/framework",
            'it is of V1; in V2 it is "mesos": {"frameworkName": ..}',
        ),
        (
            pool(frontends=[frontend(defaultBackend="web")]),
            "/haproxy/frontends/0/defaultBackend",
            '"defaultBackend" belongs into "linkBackend"',
        ),
        ({**pool(), "a/b": 1}, "/a~1b", ""),
    ],
)
def test_a_key_that_edge_lb_drops_is_told(document: Any, pointer: str, help_: str) -> None:
    found = [finding for finding in load(document).findings if finding.rule == "unknown-key"]
    assert [(each.origin.pointer if each.origin else "", each.help) for each in found] == [(pointer, help_)]


def test_a_schema_may_be_named() -> None:
    assert load({**pool(), "$schema": "https://example.com/pool.json"}).findings == []


def test_null_is_told() -> None:
    found = load(pool(backends=[backend(rewriteHttp=None)])).findings
    message = '"rewriteHttp" is null, which takes the object away, its defaults included; '
    message += "Edge-LB may fill it in again when it next reads the pool"
    assert said(found, Severity.WARNING) == [("/haproxy/backends/0/rewriteHttp", message)]


def test_a_pool_without_a_fault_has_no_finding() -> None:
    assert load(pool()).findings == []
    assert only(pool()).frontends[0].name == "frontend_0.0.0.0_80"
