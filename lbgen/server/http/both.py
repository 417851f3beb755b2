"""The endpoints of no version: whether anybody is there, which version, and everything that there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.server.http.endpoint import Answer, Asked, Endpoint, text
from lbgen.server.shown import VERSION, container

if TYPE_CHECKING:
    from lbgen.server.server import Server


def _ping(_: Server, __: Asked) -> Answer:
    return text("pong")


def _version(_: Server, __: Asked) -> Answer:
    return text(VERSION)


def _config(server: Server, _: Asked) -> Answer:
    pools = [container(pool) for pool in server.pools.all()]
    return Answer({"pools": pools, "poolTemplates": [{"name": each.name} for each in server.pool_templates.all()]})


def _pool(server: Server, asked: Asked) -> Answer:
    pool = server.pools.get(asked.name)
    return Answer(container(pool), revision=pool.revision)


ENDPOINTS = (
    Endpoint("GET", "/ping", _ping, "Whether the server is there.", reply="text"),
    Endpoint("GET", "/v1/ping", _ping, "Whether the server is there.", reply="text"),
    Endpoint("GET", "/version", _version, "The version of Edge-LB that is served.", reply="text"),
    Endpoint("GET", "/v1/version", _version, "The version of Edge-LB that is served.", reply="text"),
    Endpoint("GET", "/config", _config, "All pools and pool templates.", reply="ConfigContainer"),
    Endpoint("GET", "/pools/{name}", _pool, "A pool of either version.", reply="PoolContainer", statuses=(200, 404)),
)
