"""The endpoints of V1: pools, which POST and PUT both make or change, and their artifacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.server.decoding import json_value, pool_document
from lbgen.server.http.endpoint import Answer, Asked, Endpoint, text
from lbgen.server.http.pools_v2 import configuration, of_pool, of_template, reset_template, set_template
from lbgen.server.refusals import WRONG_TYPE, Refusal
from lbgen.server.shown import shown

if TYPE_CHECKING:
    from lbgen.server.server import Server

_CONFIG, _TEMPLATE = "haproxy.cfg", "haproxy.cfg.ctmpl"


def _all(server: Server, _: Asked) -> Answer:
    return Answer([shown(pool) for pool in server.pools.all("V1")])


def _config(server: Server, _: Asked) -> Answer:
    return Answer({"pools": [shown(pool) for pool in server.pools.all("V1")]})


def _put_all(server: Server, asked: Asked) -> Answer:
    value = json_value(asked.body)
    listed = value.get("pools") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(listed, list | None):
        raise Refusal(WRONG_TYPE, "pools in body must be of type array")
    server.pools.upsert("V1", [pool_document("V1", pool) for pool in listed or ()])
    return _config(server, asked)


def _put(server: Server, asked: Asked) -> Answer:
    return of_pool(server.pools.upsert("V1", [pool_document("V1", asked.json())], asked.expected)[0])


def _get(server: Server, asked: Asked) -> Answer:
    return of_pool(server.pools.get(asked.name, "V1"))


def _delete(server: Server, asked: Asked) -> Answer:
    server.pools.delete(asked.name, "V1", asked.expected)
    return Answer(status=204)


def _artifacts(server: Server, asked: Asked) -> Answer:
    server.pools.get(asked.name, "V1")
    return Answer([_CONFIG, _TEMPLATE])


def _artifact(server: Server, asked: Asked) -> Answer:
    pool = server.pools.get(asked.name, "V1")
    if _known(asked) == _CONFIG:
        return text(configuration(server, pool))
    return of_template(pool)


def _put_artifact(server: Server, asked: Asked) -> Answer:
    server.pools.get(asked.name, "V1")
    _overridable(asked)
    return set_template(server, asked)


def _reset_artifact(server: Server, asked: Asked) -> Answer:
    server.pools.get(asked.name, "V1")
    _overridable(asked)
    return reset_template(server, asked)


def _known(asked: Asked) -> str:
    artifact = asked.names["artifact"]
    if artifact not in {_CONFIG, _TEMPLATE}:
        raise Refusal(404, f"artifact {artifact:.100} not found")
    return artifact


def _overridable(asked: Asked) -> None:
    if _known(asked) == _CONFIG:
        raise Refusal(405, f"artifact {_CONFIG} is not overridable", ("GET", "HEAD"))


_POOLS = "/v1/loadbalancers"
_POOL = f"{_POOLS}/{{name}}"
_ARTIFACT = f"{_POOL}/artifacts/{{artifact}}"
ENDPOINTS = (
    Endpoint("GET", "/v1/all", _config, "All pools of V1.", reply="V1Config"),
    Endpoint(
        "PUT", "/v1/all", _put_all, "Make or change pools; others stay.", "V1Config", "V1Config", (200, 400, 404, 422)
    ),
    Endpoint("GET", _POOLS, _all, "All pools of V1.", reply="V1Pools"),
    Endpoint("POST", _POOLS, _put, "Make or change a pool.", "V1Pool", "V1Pool", (200, 400, 404, 412, 422)),
    Endpoint("GET", _POOL, _get, "A pool.", reply="V1Pool", statuses=(200, 404)),
    Endpoint(
        "PUT",
        _POOL,
        _put,
        "Make or change the pool that the body names.",
        "V1Pool",
        "V1Pool",
        (200, 400, 404, 412, 422),
    ),
    Endpoint("DELETE", _POOL, _delete, "Remove a pool.", statuses=(204, 404, 412)),
    Endpoint("GET", f"{_POOL}/artifacts", _artifacts, "The files of a pool.", reply="Names", statuses=(200, 404)),
    Endpoint("GET", _ARTIFACT, _artifact, "A file of a pool.", reply="text", statuses=(200, 404)),
    Endpoint(
        "PUT",
        _ARTIFACT,
        _put_artifact,
        "Replace a file of a pool.",
        "text",
        "text",
        (200, 400, 404, 405, 412, 503),
        slow=True,
    ),
    Endpoint(
        "DELETE",
        _ARTIFACT,
        _reset_artifact,
        "Go back to the built-in file.",
        reply="text",
        statuses=(200, 404, 405, 412),
    ),
)
