"""Pools whose rules a seed decides, and requests that come near them."""

from __future__ import annotations

import json
from itertools import product
from random import Random
from typing import Any

from integration.routing.conftest import POOL_CERTIFICATE
from integration.traffic.fleets import STUB_PORTS
from integration.traffic.request import Request
from lbgen.edgelb.reading import Loaded, load_pools
from lbgen.edgelb.task_documents import TaskDocuments
from lbgen.pipeline.pools import PoolOptions, from_pool

Object = dict[str, Any]
HTTP, HTTPS = 8080, 8443
_BACKENDS = ("web", "shop", "api", "blog", "rest")
_HOSTS = ("a.example.org", "b.example.org", "a.example.net")
_HOST_PATTERNS = ("^a\\.", "\\.example\\.org$", "^[ab]\\.example\\.net(:[0-9]+)?$", "EXAMPLE")
_BEGINNINGS = ("/", "/app", "/app/", "/api/v1")
_ENDINGS = (".php", "/", "app")
_PATTERNS = ("^/v[0-9]+/", "app$", "/x(/|$)")
_PATHS = ("/", "/app", "/app/", "/application", "/api/v1/x", "/v2/x", "/index.php?q=/app", "/x", "/APP", "/v1/app")


def pool(seed: int, host: str) -> Object:
    """The pool of this seed, whose stubs are on this host."""
    random = Random(seed)
    secure = {"certificates": ["$AUTOCERT"]}
    frontends = [_frontend(random, HTTP, "HTTP"), {**_frontend(random, HTTPS, "HTTPS"), **secure}]
    if random.random() < 0.3:
        unless = [{"host": random.choice(_HOSTS)}, {"pathBeg": random.choice(_BEGINNINGS[1:])}]
        frontends[0]["redirectToHttps"] = {"except": random.sample(unless, random.randint(1, 2))}
    named = json.dumps(frontends)
    ports = zip(_BACKENDS, STUB_PORTS, strict=False)
    backends = [_backend(name, host, port) for name, port in ports if f'"{name}"' in named]
    return {
        "apiVersion": "V2",
        "name": f"pool-{seed}",
        "autoCertificate": True,
        "haproxy": {"frontends": frontends, "backends": backends},
    }


def _backend(name: str, host: str, port: int) -> Object:
    made: Object = {"name": name, "protocol": "HTTP"}
    made["services"] = [{"endpoint": {"type": "ADDRESS", "address": host, "port": port}}]
    if name == "api":
        made["rewriteHttp"] = {"path": {"fromPath": "/api", "toPath": "/"}}
    if name == "blog":
        made["rewriteHttp"] = {"host": "blog.example.com"}
    return made


def _frontend(random: Random, port: int, protocol: str) -> Object:
    link: Object = {"map": [_rule(random) for _ in range(random.randint(2, 6))]}
    if random.random() < 0.5:
        link["defaultBackend"] = "rest"
    return {"bindPort": port, "protocol": protocol, "linkBackend": link}


def _rule(random: Random) -> Object:
    choices = {
        "hostEq": _HOSTS,
        "hostReg": _HOST_PATTERNS,
        "pathBeg": _BEGINNINGS,
        "pathEnd": _ENDINGS,
        "pathReg": _PATTERNS,
    }
    keys = random.sample(list(choices), random.choice((1, 1, 2, 2, 3)))
    return {"backend": random.choice(_BACKENDS[:4]), **{key: random.choice(choices[key]) for key in keys}}


def configuration(seed: int, host: str, https_host: str) -> str:
    """The configuration of the pool."""
    loaded, documents = Loaded(), TaskDocuments()
    load_pools("pool.json", pool(seed, host), loaded)
    documents.add({"frameworks": [], "slaves": []})
    (made,) = loaded.pools
    result = from_pool(made, documents.tasks(), PoolOptions(https_host=https_host))
    assert result.rendered is not None, result.findings
    assert POOL_CERTIFICATE in result.rendered.text
    return result.rendered.text


def requests() -> list[Request]:
    """Every host with every path, by both doors."""
    hosts = (*_HOSTS, "A.Example.Org", "a.example.org:8080", "nobody.test")
    plain = [Request(HTTP, path, host) for host, path in product(hosts, _PATHS)]
    secure = [
        Request(HTTPS, path, host, tls=True, server_name=name)
        for host, path, name in product(_HOSTS, _PATHS[::2], (_HOSTS[0], _HOSTS[2]))
    ]
    return [*plain, *secure]
