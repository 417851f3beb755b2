"""Pools in every legal combination of what their parts can say."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Object = dict[str, Any]

CERTIFICATES = ["$AUTOCERT", "$SECRETS/shop", "$ENVFILE/ELB_FILE_X"]
HTTP: list[Object] = [{"protocol": "HTTP"}, {"protocol": "HTTPS", "certificates": CERTIFICATES}]
TCP: list[Object] = [{"protocol": "TCP"}, {"protocol": "TLS", "certificates": ["$AUTOCERT"]}]
RULES: list[Object] = [
    {"hostEq": "foo.example.com"},
    {"hostReg": "^.*\\.foo:80$"},
    {"pathBeg": "/x"},
    {"pathEnd": ".php"},
    {"pathReg": "^/a[0-9]+/(b|c) d#\"'$"},
    {"hostEq": "a", "hostReg": "b", "pathBeg": "/c", "pathReg": "d", "pathEnd": "e"},
    {"pathBeg": "-x"},
    {"pathReg": "(a|b)$"},
    {"pathEnd": "\\"},
]
HOSTS: list[Object] = [{"hostEq": "a.org"}, {"hostReg": "^.*\\.b$"}]
PATHS = [
    {"path": {"fromPath": source, "toPath": target}}
    for source in ("", "/nginx", "/nginx/", "/a.b%20c(d)\"'\\#$x")
    for target in ("", "/", "/sub", "/sub/", "/s%p\\1\"'#$y")
]
REWRITES: list[Object | None] = [
    None,
    {"path": {}},
    {"host": "h.example:80"},
    {"sticky": {}},
    {"sticky": {"enabled": False}},
    {"sticky": {"customStr": "cookie X insert"}},
    {"request": {"forwardfor": False, "xForwardedPort": False}, "response": {"rewriteLocation": False}},
    {"request": None},
    *PATHS,
]
CHECKS: list[Object] = [
    {},
    {"httpchk": True},
    {"httpchk": True, "httpchkMiscStr": "GET /health"},
    {"httpchk": True, "httpchkMiscStr": "GET /h HTTP/1.1\\r\\nHost:\\ www"},
    {"httpchk": True, "miscStr": "http-check expect status 200"},
    {"sslHelloChk": True},
]
EXCEPTIONS: list[Object] = [
    {},
    {"except": [{}]},
    {"except": [{"host": "a.b"}]},
    {"except": [{"pathBeg": "/x"}]},
    {"except": [{"host": "a.b", "pathBeg": "/x"}, {"host": "c.d"}]},
]
OF_A_FRONTEND = [
    "acl bad src 10.0.0.0/8",
    "http-request deny if bad",
    "tcp-request connection reject if { src 192.0.2.7 }",
]
OF_A_BACKEND = ["timeout server 1h", "acl x src 10.0.0.1", "http-request deny if x", "tcp-request content accept"]


def service(**endpoint: Any) -> Object:
    return {"marathon": {"serviceID": "/web"}, "endpoint": {"portName": "web", **endpoint}}


SERVICES: list[Object] = [
    service(miscStr="weight 20"),
    service(type="CONTAINER_IP", check={"enabled": False}),
    service(port=3000, check={"customStr": "inter 5s fall 2"}),
    {"endpoint": {"type": "ADDRESS", "address": "10.0.0.9", "port": 80}},
    {"endpoint": {"type": "ADDRESS", "address": "::1", "port": 80}},
    {"endpoint": {"type": "ADDRESS", "address": "localhost", "port": 80}},
]


def pools() -> Iterator[Object]:
    """All of them, each under a name of its own."""
    for number, (frontend, backend) in enumerate(_pairs()):
        yield {
            "apiVersion": "V2",
            "name": f"p{number}",
            "autoCertificate": True,
            "secrets": [{"secret": "shop", "file": "shop"}],
            "environmentVariables": {"ELB_FILE_X": "x"},
            "haproxy": {
                "stats": {"bindPort": 0},
                "frontends": [{"bindPort": 8443, "linkBackend": {"defaultBackend": "web"}, **frontend}],
                "backends": [{"name": "web", "services": [service()], **backend}],
            },
        }


def _pairs() -> Iterator[tuple[Object, Object]]:
    for frontend, protocol in product(HTTP, ("HTTP", "HTTPS")):
        yield from _with_http(frontend, {"protocol": protocol})
    for redirect, misc in product(EXCEPTIONS, ([], OF_A_FRONTEND)):
        yield {"protocol": "HTTP", "redirectToHttps": redirect, "miscStrs": misc}, {"protocol": "HTTP"}
    for frontend, protocol in product(TCP, ("TCP", "TLS", "HTTP", "HTTPS")):
        yield from _without_http(frontend, {"protocol": protocol})


def _with_http(frontend: Object, backend: Object) -> Iterator[tuple[Object, Object]]:
    yield frontend, backend
    for rule in RULES:
        yield {**frontend, "linkBackend": _link([rule])}, backend
    link = {"defaultBackend": "web", **_link(RULES)}
    yield {**frontend, "linkBackend": link, "miscStrs": OF_A_FRONTEND}, backend
    yield from ((frontend, {**backend, "rewriteHttp": rewrite}) for rewrite in REWRITES)
    yield from ((frontend, {**backend, "customCheck": check}) for check in CHECKS)
    yield frontend, {**backend, "miscStrs": OF_A_BACKEND, "balance": "leastconn"}
    for more in (
        {"bindModifier": "accept-proxy"},
        {"name": "web"},
        {"name": "stats"},
        {"bindAddress": "::"},
        {"bindPort": 0},
    ):
        yield {**frontend, **more}, {**backend, "services": SERVICES}


def _without_http(frontend: Object, backend: Object) -> Iterator[tuple[Object, Object]]:
    yield frontend, backend
    yield from ((frontend, {**backend, "customCheck": check}) for check in CHECKS)
    yield frontend, {**backend, "rewriteHttp": {"sticky": {}}, "services": SERVICES}
    if frontend["protocol"] == "TLS":
        misc = ["tcp-request content reject if { src 10.0.0.1 }"]
        yield {**frontend, "linkBackend": _link(HOSTS), "miscStrs": misc}, backend


def _link(rules: list[Object]) -> Object:
    return {"map": [{"backend": "web", **rule} for rule in rules]}
