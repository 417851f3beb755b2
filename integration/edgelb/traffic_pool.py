"""One pool with everything that traffic can prove, and what serves it.

Every backend is reached through one frontend by its name: `Host: checked.test`. What a service needs that no stub can
do, such as redirecting or being ill, frontends of the same pool do, which its backends reach on the loopback address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb.reading import Loaded, load_pools
from lbgen.edgelb.task_documents import TaskDocuments
from lbgen.finding import Severity
from lbgen.pipeline.pools import PoolOptions, from_pool
from lbgen.testing import Stub

if TYPE_CHECKING:
    from lbgen.testing import Authority

Object = dict[str, Any]

NAME = "traffic"
AUTOCERT = "/etc/haproxy/autocert.pem"
BY_NAME, ROUTED, REDIRECTED, HTTPS, TLS, TCP, GREETED, DESERTED, ORIGIN, SICK = range(8000, 8010)
PLAIN = ("web", "eq", "reg", "all", "beg", "preg", "end", "both", "other", "good", "ill", "light", "heavy")
SECURE = ("one", "two", "three")
_PORTS = {name: 31000 + index for index, name in enumerate((*PLAIN, *SECURE, "echo"))}
REWRITES = {
    "cut": ("/nginx", ""),
    "root": ("/nginx", "/"),
    "cut-slash": ("/nginx/", ""),
    "sub": ("/nginx", "/subpath"),
    "sub-slash": ("/nginx", "/subpath/"),
    "slash-slash": ("/nginx/", "/subpath/"),
    "prefix": ("", "/prefix"),
    "dotted": ("/a.b(c)", "/p%20\\1"),
}
SILENT = {"forwardfor": False, "xForwardedPort": False, "xForwardedProtoHttpsIfTls": False}


def stubs(authority: Authority) -> list[Stub]:
    """A server for each backend that routing has to tell apart, and some to be weighed, checked and passed through."""
    plain = [Stub(name, _PORTS[name]) for name in PLAIN]
    secure = [Stub(name, _PORTS[name], certificate=authority.issue([f"{name}.secure.test"])) for name in SECURE]
    return [*plain, *secure, Stub("echo", _PORTS["echo"], kind="tcp")]


def configuration(host: str, https_host: str = "sni") -> str:
    """The configuration of the pool, its stubs being on this host."""
    loaded, documents = Loaded(), TaskDocuments()
    load_pools("pool.json", pool(host), loaded)
    documents.add({"frameworks": [], "slaves": []})
    (made,) = loaded.pools
    result = from_pool(made, documents.tasks(), PoolOptions(https_host=https_host))
    assert result.rendered is not None, result.findings
    said = {finding.rule for finding in [*loaded.findings, *result.findings] if finding.severity is not Severity.INFO}
    assert said == {"matches-nothing"}, said
    return result.rendered.text


def pool(host: str) -> Object:
    """The pool, its stubs being on this host."""
    backends = [*_routed(host), *_rewriting(), *_telling(host), *_choosing(host), *_checking(host), *_secure(host)]
    named = [each["name"] for each in backends if each["protocol"] in {"HTTP", "HTTPS"}]
    by_name = [{"backend": name, "hostEq": f"{name}.test"} for name in named]
    return {
        "apiVersion": "V2",
        "name": NAME,
        "autoCertificate": True,
        "haproxy": {"frontends": [_frontend(BY_NAME, map=by_name), *_frontends()], "backends": backends},
    }


def _frontends() -> list[Object]:
    routes = [
        {"backend": "eq", "hostEq": "shop.example.org"},
        {"backend": "reg", "hostReg": "^[a-z]+\\.reg\\.test$"},
        {"backend": "reg", "hostReg": "^ported\\.test:80$"},
        {
            "backend": "all",
            "hostEq": "all.test",
            "hostReg": "^a",
            "pathBeg": "/api",
            "pathReg": "/v[0-9]+/",
            "pathEnd": ".json",
        },
        {"backend": "both", "hostEq": "both.test", "pathBeg": "/x"},
        {"backend": "beg", "pathBeg": "/beg"},
        {"backend": "preg", "pathReg": "^/p[0-9]+(/|$)"},
        {"backend": "end", "pathEnd": ".php"},
    ]
    unless = [{"host": "open.test"}, {"pathBeg": "/.well-known/"}, {"host": "both.test", "pathBeg": "/x"}]
    moves = "http-request return status 302 hdr Location %[req.hdr(x-location)] if { req.hdr(x-location) -m found }"
    by_sni = [
        {"backend": "eq", "hostEq": "shop.example.org"},
        {"backend": "reg", "hostReg": "^[a-z]+\\.reg\\.test$"},
        {"backend": "both", "hostEq": "both.test", "pathBeg": "/x"},
    ]
    passed = [{"backend": "one", "hostEq": "one.secure.test"}, {"backend": "two", "hostReg": "^two\\.[a-z]+\\.test$"}]
    certified = {"certificates": ["$AUTOCERT"]}
    ill = ["http-request return status 503 if { path /health } !{ req.hdr(host) well.test }"]
    return [
        _frontend(ROUTED, "other", map=routes),
        _frontend(REDIRECTED, "web", redirectToHttps={"except": unless}),
        _frontend(HTTPS, "other", "HTTPS", map=by_sni, **certified),
        _frontend(TLS, "three", "TLS", map=passed, **certified),
        _frontend(TCP, "echo", "TCP"),
        _frontend(GREETED, "greeted", "TCP"),
        _frontend(DESERTED, "deserted", "TCP"),
        _frontend(ORIGIN, "silent", miscStrs=[moves]),
        _frontend(SICK, "ill", miscStrs=ill),
    ]


def _frontend(port: int, default: str = "", protocol: str = "HTTP", **more: Any) -> Object:
    link = {"map": more.pop("map", []), **({"defaultBackend": default} if default else {})}
    return {"bindPort": port, "protocol": protocol, "linkBackend": link, **more}


def _backend(name: str, *services: Object, protocol: str = "HTTP", **more: Any) -> Object:
    return {"name": name, "protocol": protocol, "services": list(services), **more}


def _at(host: str, port: int, **more: Any) -> Object:
    return {"endpoint": {"type": "ADDRESS", "address": host, "port": port, **more}}


def _routed(host: str) -> list[Object]:
    names = ("web", "eq", "reg", "all", "beg", "preg", "end", "both", "other", "ill")
    return [_backend(name, _at(host, _PORTS[name])) for name in names]


def _rewriting() -> list[Object]:
    origin = _at("127.0.0.1", ORIGIN)
    paths = {name: {"fromPath": source, "toPath": target} for name, (source, target) in REWRITES.items()}
    kept = {"path": paths["sub"], "request": {"rewritePath": False}, "response": {"rewriteLocation": False}}
    return [
        *(_backend(name, origin, rewriteHttp={"path": path}) for name, path in paths.items()),
        _backend("kept", origin, rewriteHttp=kept),
    ]


def _telling(host: str) -> list[Object]:
    """What servers are told of the client, or are not."""
    web, inner = _at(host, _PORTS["web"]), "inner.example:81"
    return [
        _backend("silent", web, rewriteHttp={"request": SILENT}),
        _backend("renamed", web, rewriteHttp={"host": inner}),
        _backend("unnamed", web, rewriteHttp={"host": inner, "request": {"setHostHeader": False}}),
        _backend("sealed", _at(host, _PORTS["one"]), protocol="HTTPS"),
    ]


def _choosing(host: str) -> list[Object]:
    both = [_at(host, _PORTS[name]) for name in ("light", "heavy")]
    weighed = [_at(host, _PORTS[name], miscStr=f"weight {weight}") for name, weight in (("light", 10), ("heavy", 20))]
    custom = {"sticky": {"customStr": "cookie MINE insert indirect nocache httponly"}}
    return [
        _backend("weighed", *weighed),
        _backend("loose", *both, rewriteHttp={"sticky": {"enabled": False}}),
        _backend("sticky", *both, rewriteHttp={"sticky": {}}),
        _backend("custom", *both, rewriteHttp=custom),
    ]


def _checking(host: str) -> list[Object]:
    soon = {"customStr": "inter 250ms fall 2"}
    # Or else a server that is slow for a moment would be taken for one that is down.
    patient = ["timeout check 10s"]
    sick = _at("127.0.0.1", SICK, check=soon)
    both = [_at(host, _PORTS["good"], check=soon), sick]
    unchecked = [{"endpoint": {**each["endpoint"], "check": {"enabled": False}}} for each in both]
    asked = {"httpchk": True, "httpchkMiscStr": "GET /health"}
    named = {"httpchk": True, "httpchkMiscStr": "GET /health HTTP/1.1\\r\\nHost:\\ well.test"}
    choosy = {**asked, "miscStr": "http-check expect status 503"}
    greeted = [_at(host, _PORTS[name], check=soon) for name in ("good", "three")]
    nobody = {"marathon": {"serviceID": "/nobody"}, "endpoint": {"portName": "web"}}
    return [
        _backend("checked", *both, customCheck=asked, miscStrs=patient),
        _backend("connected", *both, miscStrs=patient),
        _backend("unchecked", *unchecked, customCheck=asked, miscStrs=patient),
        _backend("named", sick, customCheck=named, miscStrs=patient),
        _backend("choosy", *both, customCheck=choosy, miscStrs=patient),
        _backend("closed", _at(host, 30999, check=soon), miscStrs=patient),
        _backend("greeted", *greeted, protocol="TCP", customCheck={"sslHelloChk": True}, miscStrs=patient),
        _backend("nobody", nobody),
        _backend("deserted", nobody, protocol="TCP"),
    ]


def _secure(host: str) -> list[Object]:
    passed = [_backend(name, _at(host, _PORTS[name]), protocol="TLS") for name in SECURE]
    return [*passed, _backend("echo", _at(host, _PORTS["echo"]), protocol="TCP")]
