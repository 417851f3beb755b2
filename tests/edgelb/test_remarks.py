"""What is legal and hardly meant so, or good to know: a pool for each, and one without."""

from __future__ import annotations

from typing import Any

import pytest

from lbgen.edgelb.remarks import remarks
from tests.edgelb.pools import SERVICE, backend, frontend, only, pool, pool_v1, server_v1

F, B = "/haproxy/frontends/0", "/haproxy/backends/0"
S = f"{B}/services/0"
AUTOCERT: dict[str, Any] = {"protocol": "HTTPS", "certificates": ["$AUTOCERT"]}


def on(**more: Any) -> dict[str, Any]:
    return pool(frontends=[frontend(**more)], autoCertificate=True)


def off(**more: Any) -> dict[str, Any]:
    return pool(backends=[backend(**more)])


def path(source: str, target: str, **more: Any) -> dict[str, Any]:
    return off(rewriteHttp={"path": {"fromPath": source, "toPath": target}, **more})


def rule(**conditions: str) -> dict[str, Any]:
    return on(linkBackend={"map": [{"backend": "web", **conditions}]})


def unchecked(**more: Any) -> dict[str, Any]:
    return {**SERVICE, "endpoint": {"portName": "web", "check": {"enabled": False, **more}}}


def picked(**names: str) -> dict[str, Any]:
    return off(services=[{**SERVICE, "marathon": names}])


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (on(), []),
        (
            on(redirectToHttps={}),
            [("redirect-to-nowhere", f"{F}/redirectToHttps"), ("redirects-all", f"{F}/redirectToHttps")],
        ),
        (
            pool(
                frontends=[
                    frontend(redirectToHttps={"except": [{"pathBeg": "/a/"}]}),
                    frontend(bindPort=443, protocol="TCP", linkBackend={"defaultBackend": "tls"}),
                ],
                backends=[backend(), backend(name="tls", protocol="TCP")],
            ),
            [],
        ),
        (on(linkBackend={"map": [{"backend": "web", "pathBeg": "/"}]}), []),
        (picked(serviceID="web"), [("matches-nothing", f"{S}/marathon/serviceID")]),
        (picked(serviceID="/web"), []),
        (rule(hostEq="*.a.org"), [("star-in-host", f"{F}/linkBackend/map/0/hostEq")]),
        (rule(pathBeg="a"), [("path-without-slash", f"{F}/linkBackend/map/0/pathBeg")]),
        (rule(hostReg=r"^a\.org$"), []),
        (rule(hostReg=r"a\.org$"), [("unanchored-pattern", f"{F}/linkBackend/map/0/hostReg")]),
        (on(bindPort=8080, linkBackend={"map": [{"backend": "web", "hostReg": r"^a\.org(:[0-9]+)?$"}]}), []),
        (
            on(bindPort=8080, linkBackend={"map": [{"backend": "web", "hostReg": r"^a\.org$"}]}),
            [("host-without-port", f"{F}/linkBackend/map/0/hostReg")],
        ),
        (rule(pathReg="a"), []),
        (rule(pathReg="/a/*"), [("glob-in-pattern", f"{F}/linkBackend/map/0/pathReg")]),
        (on(**AUTOCERT), []),
        (on(**{**AUTOCERT, "certificates": ["$SECRETS/a"]}), [("no-certificate", f"{F}/certificates/0")]),
        (on(**{**AUTOCERT, "certificates": ["$ENVFILE/ELB_FILE_A"]}), [("no-certificate", f"{F}/certificates/0")]),
        (on(certificates=["$AUTOCERT"]), [("setting-without-effect", f"{F}/certificates")]),
        (pool(frontends=[frontend(**AUTOCERT)]), [("no-certificate", f"{F}/certificates/0")]),
        (
            on(protocol="TLS", certificates=["$AUTOCERT"]),
            [("certificates-unused", f"{F}/certificates"), ("tls-to-http", f"{F}/linkBackend/defaultBackend")],
        ),
        (off(protocol="HTTPS"), [("servers-not-verified", f"{B}/protocol")]),
        (path("/a/", "/b/"), []),
        (path("/a/", "/"), []),
        (path("/a", "/b"), [("path-prefix", f"{B}/rewriteHttp/path/fromPath")]),
        (path("/a", "/b", request={"rewritePath": False}), []),
        (path("/a/", "/b"), [("slash-mismatch", f"{B}/rewriteHttp/path")]),
        (
            path("/a", "/"),
            [("slash-mismatch", f"{B}/rewriteHttp/path"), ("path-prefix", f"{B}/rewriteHttp/path/fromPath")],
        ),
        (path("/a//b/", "/"), [("double-slash", f"{B}/rewriteHttp/path/fromPath")]),
        (path("a/", "/"), [("path-without-slash", f"{B}/rewriteHttp/path/fromPath")]),
        (picked(serviceIDPattern="^/broker-.*$"), []),
        (picked(serviceIDPattern="^/broker-*$"), [("glob-in-pattern", f"{S}/marathon/serviceIDPattern")]),
        (picked(serviceIDPattern="broker"), [("unanchored-pattern", f"{S}/marathon/serviceIDPattern")]),
        (
            off(
                services=[{"endpoint": {"type": "ADDRESS", "address": "a.org", "port": 1, "check": {"enabled": False}}}]
            ),
            [("server-unchecked", f"{S}/endpoint/check")],
        ),
        (pool(packageVersion="v1.5.1"), [("package-version", "/packageVersion")]),
        (
            off(rewriteHttp={"host": "a.org", "request": {"setHostHeader": False}}),
            [("setting-without-effect", f"{B}/rewriteHttp/host")],
        ),
        (off(rewriteHttp={"host": "a.org"}), []),
        (
            off(
                rewriteHttp={
                    "path": {"fromPath": "/a/", "toPath": "/"},
                    "request": {"rewritePath": False},
                    "response": {"rewriteLocation": False},
                }
            ),
            [("setting-without-effect", f"{B}/rewriteHttp/path")],
        ),
        (off(rewriteHttp={"sticky": {"customStr": "cookie a insert"}}), []),
        (
            off(rewriteHttp={"sticky": {"enabled": False, "customStr": "cookie a insert"}}),
            [("setting-without-effect", f"{B}/rewriteHttp/sticky/customStr")],
        ),
        (
            off(customCheck={"httpchkMiscStr": "GET /health"}),
            [("setting-without-effect", f"{B}/customCheck/httpchkMiscStr")],
        ),
        (off(customCheck={"httpchk": True, "httpchkMiscStr": "GET /health"}), []),
        (
            off(customCheck={"httpchk": True}, services=[unchecked()]),
            [("setting-without-effect", f"{B}/customCheck")],
        ),
        (
            off(services=[unchecked(customStr="inter 5s")]),
            [("setting-without-effect", f"{S}/endpoint/check/customStr")],
        ),
        (
            picked(serviceID="/a", serviceIDPattern="^/a-.*$"),
            [("setting-without-effect", f"{S}/marathon/serviceID")],
        ),
        (
            off(services=[{**SERVICE, "endpoint": {"type": "ADDRESS", "address": "10.0.0.1", "port": 1}}]),
            [("setting-without-effect", S)],
        ),
        (
            pool_v1(server_v1(task={"value": "a-*", "match": "REGEX"})),
            [
                ("glob-in-pattern", f"{B}/servers/0/task/value"),
                ("unanchored-pattern", f"{B}/servers/0/task/value"),
            ],
        ),
    ],
)
def test_remarks(document: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert [(each.rule, each.pointer) for each in remarks(only(document))] == found


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ({"redirectToHttps": {}}, ["redirects-all"]),
        ({"redirectToHttps": {}, "linkBackend": {}}, ["redirects-all"]),
        ({"redirectToHttps": {"except": [{"pathBeg": "/a"}]}}, []),
        ({"redirectToHttps": {"except": [{"pathBeg": "/a"}]}, "linkBackend": {}}, ["no-route"]),
        ({"linkBackend": {}}, ["no-route"]),
    ],
)
def test_frontends_beside_one_of_https(more: dict[str, Any], rules: list[str]) -> None:
    secure = frontend(bindPort=443, **AUTOCERT)
    document = pool(frontends=[frontend(**more), secure], autoCertificate=True)
    assert [each.rule for each in remarks(only(document))] == rules


def test_rewriting_has_no_effect_without_http() -> None:
    document = pool(frontends=[frontend(protocol="TCP")], backends=[backend(protocol="TCP", rewriteHttp={"host": "a"})])
    assert [each.rule for each in remarks(only(document))] == ["setting-without-effect"]


def test_an_address_that_v1_refuses_is_told() -> None:
    value = pool_v1()
    value["haproxy"]["frontends"][0]["bindAddress"] = "127.0.0.1"
    assert [each.rule for each in remarks(only(value))] == ["refused-in-v1"]
