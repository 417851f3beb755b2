"""The JSON Schema of pools, for editors: what a pool may hold, what its members mean by themselves, defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb import schema
from lbgen.edgelb.checks.words import PROTOCOLS
from lbgen.model.json_schema import DIALECT, Definitions

if TYPE_CHECKING:
    from collections.abc import Mapping

_PORT = {"minimum": 0, "maximum": 65535}
_PROTOCOL = {"enum": [*PROTOCOLS]}
_TYPES = ("AUTO_IP", "AGENT_IP", "CONTAINER_IP")
_POSITIVE = {"minimum": 0}
_DETAILS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("Frontend", "protocol"): _PROTOCOL,
    ("FrontendV1", "protocol"): _PROTOCOL,
    ("Backend", "protocol"): _PROTOCOL,
    ("BackendV1", "protocol"): _PROTOCOL,
    ("Frontend", "bindPort"): _PORT | {"description": "0: a port is chosen when the load balancer starts"},
    ("FrontendV1", "bindPort"): {"minimum": -1, "maximum": 65535},
    ("Stats", "bindPort"): _PORT,
    ("Endpoint", "type"): {"enum": [*_TYPES, "ADDRESS"]},
    ("Server", "type"): {"enum": [*_TYPES, "VIP"]},
    ("Endpoint", "port"): {"minimum": -1, "maximum": 65535},
    ("Match", "match"): {"enum": ["EXACT", "REGEX"]},
    ("Listener", "protocol"): {"enum": ["TCP", "TLS"]},
    ("Listener", "port"): {"minimum": 1, "maximum": 65535},
    ("Pool", "name"): {"minLength": 1},
    ("PoolV1", "name"): {"minLength": 1},
    ("Pool", "type"): {"enum": ["static", "template-static", "template-dynamic"]},
    **{(kind, key): _POSITIVE for kind in ("Pool", "PoolV1") for key in ("count", "cpus", "mem", "disk")},
}
_REQUIRED: Mapping[str, list[str]] = {
    "Frontend": ["protocol"],
    "FrontendV1": ["bindPort", "protocol"],
    "Backend": ["name", "protocol"],
    "BackendV1": ["name", "protocol"],
    "Rule": ["backend"],
}


def pool_schema(version: str) -> dict[str, Any]:
    """The JSON Schema of pools of a version, "V1" or "V2"; keys that Edge-LB would drop without a word are refused."""
    kind = schema.POOLS[version]
    definitions = Definitions(details, closed=True)
    pool = definitions.object(kind)
    pool["properties"] = {
        "$schema": {"type": "string", "description": "where an editor finds this schema"},
        "LBGEN_IGNORE": {"type": "string", "description": "rules of lbgen to ignore here, as in rule: why; rule: why"},
        **pool["properties"],
        "apiVersion": {"const": version, "description": "the version of the pool's form"},
    }
    required = ["apiVersion", "name"] if version == "V2" else ["name"]
    for name, made in definitions.made.items():
        if name in _REQUIRED:
            made["required"] = _REQUIRED[name]
    head = {"$schema": DIALECT, "title": f"Edge-LB pool, {version}"}
    return {**head, **pool, "required": required, "definitions": dict(sorted(definitions.made.items()))}


def details(kind: Any, key: str) -> Mapping[str, Any]:
    """What is known of a member of a kind of object besides its type: what it may be, and its default."""
    found = dict(_DETAILS.get((kind.__name__, key), {}))
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    default = schema.DEFAULTS.get(kind, {}).get(key, schema.FILLED)
    return found if default is schema.FILLED else found | {"default": default}
