"""Keys that Edge-LB drops without a word, and nulls: what is written and does not do what it seems to."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from lbgen.edgelb import schema
from lbgen.edgelb.said import dropping, renaming, warning
from lbgen.edgelb.schema import DEFAULTS, NULL_IS_FALSE
from lbgen.edgelb.shapes import members, objects
from lbgen.origin import escape_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.edgelb.said import Said
    from lbgen.edgelb.shapes import Visited
    from lbgen.finding import Fix

_ONLY_EXCEPT = 'it knows "except" alone, a list of {"host", "pathBeg"}; without that, all requests go to HTTPS'
# What editors and lbgen read, and Edge-LB drops.
_ALWAYS_KNOWN = frozenset({"$schema", "LBGEN_IGNORE"})
# Mistakes that documentation has taught people; what is not here is found by likeness.
_HINTS: Mapping[tuple[Any, str], str] = {
    (schema.Redirect, "items"): _ONLY_EXCEPT,
    (schema.Redirect, "host"): _ONLY_EXCEPT,
    (schema.Redirect, "pathBeg"): _ONLY_EXCEPT,
    (
        schema.Service,
        "framework",
    ): 'it is of V1; in V2 it is "mesos": {"frameworkName": ..}',
    (schema.Service, "task"): 'it is of V1; in V2 it is "mesos": {"taskName": ..}',
    (schema.Service, "port"): 'it is of V1; in V2 it is "endpoint": {"portName": ..}',
    (schema.Service, "type"): 'it is of V1; in V2 it is "endpoint": {"type": ..}',
    (schema.Backend, "servers"): 'it is of V1; in V2 it is "services". Is this a pool of V1?',
    (
        schema.BackendV1,
        "services",
    ): 'it is of V2; in V1 it is "servers". Is this a pool of V2?',
    (schema.Server, "endpoint"): "it is of V2; in V1 its members stand in the server itself",
    (schema.Server, "mesos"): 'it is of V2; in V1 it is "framework": {"value": ..} and "task": {"value": ..}',
    (
        schema.Server,
        "marathon",
    ): 'it is of V2; in V1 it is "framework": {"value": "marathon"} and "task"',
    **{(kind, "LBGEN_IGNORE"): 'lbgen reads a text, as in "rule: why; rule: why"' for kind in schema.POOLS.values()},
    (schema.PoolV1, "principal"): "it is of V2",
    (schema.PoolV1, "secretName"): "it is of V2",
    (schema.PoolV1, "cloudProvider"): "it is of V2",
}


def unread(kind: Any, value: Mapping[str, Any], pointer: str) -> Iterator[Said]:
    """What is to be said of keys without effect, and of nulls, in the pool and all objects in it."""
    for visited in objects(kind, value, pointer):
        known = members(visited.kind)
        for key, inside in visited.value.items():
            if key not in known:
                known_here = key in _ALWAYS_KNOWN and isinstance(inside, str) and visited.kind in schema.POOLS.values()
                if not known_here:
                    yield _unknown(kind, visited, key)
            elif inside is None:
                yield _null(visited, key)


def _unknown(pool: Any, visited: Visited, key: str) -> Said:
    at = f"{visited.pointer}/{escape_pointer(key)}"
    message = f'Edge-LB does not know "{key:.60}" here, and drops it without a word'
    if hint := _HINTS.get((visited.kind, key)):
        meant = "except" if (visited.kind, key) == (schema.Redirect, "items") else None
        return warning("unknown-key", at, message, hint, _renamed(visited, at, meant))
    meant = _likeness(visited.kind, key)
    hint = f'did you mean "{meant}"?' if meant else _elsewhere(pool, visited.kind, key)
    return warning("unknown-key", at, message, hint, _renamed(visited, at, meant))


def _renamed(visited: Visited, at: str, meant: str | None) -> Fix | None:
    """A fix that gives the member the name that was meant, where it is free."""
    return renaming(at, meant) if meant is not None and meant not in visited.value else None


def _likeness(kind: Any, key: str) -> str | None:
    known = {name.lower(): name for name in members(kind)}
    close = get_close_matches(key.lower(), known, n=1, cutoff=0.75)
    return known[close[0]] if close else None


def _elsewhere(pool: Any, kind: Any, key: str) -> str:
    """Where the key would be known: within this object first, then anywhere in the pool."""
    path = _path_to(kind, key) or _path_to(pool, key)
    return f'"{key}" belongs into "{path}"' if path else ""


def _path_to(kind: Any, key: str) -> str:
    pending = [(member.kind, name) for name, member in members(kind).items() if member.kind is not None]
    for inner, path in pending:
        if key in members(inner):
            return path
        pending += [(member.kind, f"{path}.{name}") for name, member in members(inner).items() if member.kind]
    return ""


def _null(visited: Visited, key: str) -> Said:
    default = DEFAULTS.get(visited.kind, {}).get(key)
    if members(visited.kind)[key].kind is not None:
        effect = "takes the object away, its defaults included"
    elif visited.kind in NULL_IS_FALSE and isinstance(default, bool):
        effect = "turns it off"
    else:
        effect = "is as good as nothing here"
    message = f'"{key}" is null, which {effect}; Edge-LB may fill it in again when it next reads the pool'
    at = f"{visited.pointer}/{key}"
    return warning("null-value", at, message, "leave the key out, or give it a value", dropping(at))
