"""What a reply shows of a pool: defaults filled in, and without the zeros that Edge-LB leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb import schema
from lbgen.edgelb.defaults import filled
from lbgen.edgelb.shapes import members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.server.store import StoredPool

VERSION = "v1.7.0"
"""The version of Edge-LB that is served: clients look at it, and it is that of the package of every pool."""
_FRONTEND = frozenset({"bindPort"})
NULLABLE: Mapping[Any, frozenset[str]] = {
    schema.Pool: frozenset({"namespace", "principal", "secretName", "count", "constraints"}),
    schema.PoolV1: frozenset({"namespace", "count", "constraints"}),
    schema.Stats: frozenset({"bindPort"}),
    schema.Frontend: _FRONTEND,
    schema.FrontendV1: _FRONTEND,
    schema.Path: frozenset({"fromPath", "toPath"}),
    schema.Request: frozenset(schema.Request.__annotations__),
    schema.Response: frozenset({"rewriteLocation"}),
    schema.Sticky: frozenset({"enabled"}),
    schema.Check: frozenset({"enabled"}),
    schema.Elb: frozenset({"internal"}),
}
"""Members of which a zero says something, so that it is shown; all other zeros mean the same as nothing."""


def shown(pool: StoredPool) -> dict[str, Any]:
    """The pool as a reply has it."""
    kind = schema.POOLS[pool.version]
    value = _without_zeros(kind, filled(kind, {"packageVersion": VERSION, **pool.document, "name": pool.name}))
    return {"apiVersion": pool.version, **{key: each for key, each in value.items() if key != "apiVersion"}}


def container(pool: StoredPool) -> dict[str, Any]:
    """The pool in what holds pools of both versions."""
    value = shown(pool)
    head = {"apiVersion": pool.version, "name": pool.name, "namespace": value.get("namespace", "")}
    return {**head, pool.version.lower(): value}


def _without_zeros(kind: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    kept, shapes = NULLABLE.get(kind, frozenset()), members(kind)
    made = {}
    for key, each in value.items():
        member = shapes[key]
        if member.kind is not None:
            made[key] = (
                [_without_zeros(member.kind, item) for item in each]
                if member.listed
                else _without_zeros(member.kind, each)
            )
        elif isinstance(each, list) or each or key in kept:
            made[key] = each
    return made
