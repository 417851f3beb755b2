"""The endpoints of V2: pools, their configuration, their templates, where they are reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.server.decoding import pool_document
from lbgen.server.http.endpoint import Answer, Asked, Endpoint, text
from lbgen.server.metadata import metadata
from lbgen.server.refusals import Refusal, bad
from lbgen.server.rendering import DEFAULT_TEMPLATE
from lbgen.server.shown import shown
from lbgen.server.templating import TemplateError, refuse_go

if TYPE_CHECKING:
    from lbgen.server.server import Server
    from lbgen.server.store import StoredPool


def of_pool(pool: StoredPool) -> Answer:
    """The pool, with its revision."""
    return Answer(shown(pool), revision=pool.revision)


def _config(server: Server, _: Asked) -> Answer:
    return Answer({"pools": [shown(pool) for pool in server.pools.all("V2")]})


def _all(server: Server, _: Asked) -> Answer:
    return Answer([shown(pool) for pool in server.pools.all("V2")])


def _create(server: Server, asked: Asked) -> Answer:
    return of_pool(server.pools.create("V2", pool_document("V2", asked.json())))


def _get(server: Server, asked: Asked) -> Answer:
    return of_pool(server.pools.get(asked.name, "V2"))


def _update(server: Server, asked: Asked) -> Answer:
    # Edge-LB looks at the name in the body, and never at the one in the path.
    return of_pool(server.pools.update("V2", pool_document("V2", asked.json()), asked.expected))


def _delete(server: Server, asked: Asked) -> Answer:
    server.pools.delete(asked.name, expected=asked.expected)
    return Answer(status=204)


def _lbconfig(server: Server, asked: Asked) -> Answer:
    return text(configuration(server, server.pools.get(asked.name)))


def configuration(server: Server, pool: StoredPool) -> str:
    """What runs for the pool, or what would run; raises Refusal where there is nothing that could."""
    running = server.running.text(pool.name)
    if running is not None:
        return running
    rendering = server.pools.render(pool)
    if rendering.text is None:
        raise Refusal(404, f"artifact haproxy.cfg not found: {rendering.problem}")
    return rendering.text


def _default_template(_: Server, __: Asked) -> Answer:
    return text(DEFAULT_TEMPLATE)


def _template(server: Server, asked: Asked) -> Answer:
    return of_template(server.pools.get(asked.name))


def of_template(pool: StoredPool) -> Answer:
    """The template that the pool is rendered with."""
    return text(DEFAULT_TEMPLATE if pool.template is None else pool.template, pool.revision)


def set_template(server: Server, asked: Asked) -> Answer:
    """Gives the pool the template in the body; raises Refusal where it cannot be used."""
    given = asked.text()
    server.pools.get(asked.name)
    try:
        refuse_go(given, "/v2/lbtemplate")
    except TemplateError as error:
        raise bad(f"the template of the pool cannot be used: {error}", **error.where) from None
    if not given.strip():
        raise bad("the template of the pool cannot be used: it is empty")
    tried_with = server.pools.try_template(asked.name, given)
    answer = of_template(server.pools.set_template(asked.name, given, asked.expected))
    return answer._replace(headers={"X-Lbgen-Tried-With": ascii(tried_with)[1:-1]})


def reset_template(server: Server, asked: Asked) -> Answer:
    """Gives the pool the built-in template back."""
    return of_template(server.pools.set_template(asked.name, None, asked.expected))


def _metadata(server: Server, asked: Asked) -> Answer:
    pool = server.pools.get(asked.name)
    running = server.running
    rendering = server.pools.render(pool)
    runs = running.text(pool.name), running.instances(pool.name), running.status(pool.name)
    return Answer(metadata(pool.name, rendering, *runs))


_POOL = "/v2/pools/{name}"
ENDPOINTS = (
    Endpoint("GET", "/v2/config", _config, "All pools of V2.", reply="V2Config"),
    Endpoint("GET", "/v2/pools", _all, "All pools of V2.", reply="V2Pools"),
    Endpoint("POST", "/v2/pools", _create, "Make a pool.", "V2Pool", "V2Pool", (200, 400, 409, 422)),
    Endpoint("GET", _POOL, _get, "A pool.", reply="V2Pool", statuses=(200, 404)),
    Endpoint(
        "PUT", _POOL, _update, "Change the pool that the body names.", "V2Pool", "V2Pool", (200, 400, 404, 412, 422)
    ),
    Endpoint("DELETE", _POOL, _delete, "Remove a pool of V1 or V2.", statuses=(204, 404, 412)),
    Endpoint("GET", f"{_POOL}/lbconfig", _lbconfig, "The haproxy.cfg of a pool.", reply="text", statuses=(200, 404)),
    Endpoint(
        "GET",
        f"{_POOL}/metadata",
        _metadata,
        "Where a pool is reached.",
        reply="V2PoolMetadata",
        statuses=(200, 404),
        plain_errors=True,
    ),
    Endpoint("GET", "/v2/lbtemplate", _default_template, "The built-in template of haproxy.cfg.", reply="text"),
    Endpoint("GET", f"{_POOL}/lbtemplate", _template, "The template of a pool.", reply="text", statuses=(200, 404)),
    Endpoint(
        "PUT",
        f"{_POOL}/lbtemplate",
        set_template,
        "Give a pool a template.",
        "text",
        "text",
        (200, 400, 404, 412, 503),
        slow=True,
    ),
    Endpoint(
        "DELETE",
        f"{_POOL}/lbtemplate",
        reset_template,
        "Go back to the built-in template.",
        reply="text",
        statuses=(200, 404, 412),
    ),
)
