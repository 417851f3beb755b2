"""The description of the API in OpenAPI 3.1, made of the table of endpoints and of the kinds of objects in pools."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from lbgen.edgelb import schema
from lbgen.edgelb.json_schema import details
from lbgen.model.json_schema import Definitions
from lbgen.server.decoding import ENUMS, LONGEST_NAME
from lbgen.server.http import both, examples, pool_templates, pools_v1, pools_v2
from lbgen.server.http.endpoint import Answer, Asked, Endpoint
from lbgen.server.shown import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.server.server import Server

_COMMON = (401, 403, 408, 413, 500)
"""Statuses that every endpoint may answer with, whatever it does."""
_WORDS = {
    200: "done",
    204: "done, and there is nothing to show",
    400: "the request does not hold together",
    401: "there is no token, or the wrong one",
    403: "the request comes from a page of another server",
    404: "there is nothing of this name",
    405: "this cannot be replaced",
    408: "the body did not arrive in time",
    409: "the name is taken",
    412: "somebody else changed it meanwhile",
    413: "the body is too long",
    422: "a value is of the wrong type or kind",
    500: "the state cannot be used now",
    503: "too many templates are being tried",
}
_INT32 = {"format": "int32", "minimum": -(2**31), "maximum": 2**31 - 1}
_STRING: dict[str, Any] = {"type": "string"}
_STRINGS: dict[str, Any] = {"type": "array", "items": _STRING}
_PORTS = {"type": "array", "items": {"$ref": "#/components/schemas/PortMetadata"}}


def _object(required: str = "", **properties: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "object", "properties": properties}
    return made | ({"required": required.split()} if required else {})


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


_OWN: Mapping[str, dict[str, Any]] = {
    "Error": _object("code message", code={"type": "integer"}, message=_STRING),
    "V2Pools": _list("V2Pool"),
    "V2Config": _object(pools=_list("V2Pool")),
    "V1Pools": _list("V1Pool"),
    "V1Config": _object(pools={"anyOf": [_list("V1Pool"), {"type": "null"}]}),
    "Names": _STRINGS,
    "PoolContainer": _object(
        "apiVersion name", apiVersion=_STRING, name=_STRING, namespace=_STRING, v1=_ref("V1Pool"), v2=_ref("V2Pool")
    ),
    "ConfigContainer": _object("pools", pools=_list("PoolContainer"), poolTemplates=_list("PoolTemplate")),
    "PortMetadata": _object("port", port={"type": "integer"}, private=_STRINGS, public=_STRINGS),
    "FrontendMetadata": _object("name endpoints", name=_STRING, endpoints=_PORTS),
    "V2PoolMetadata": _object(
        "name",
        name=_STRING,
        aws=_object(elbs={"type": "array"}),
        frontends=_list("FrontendMetadata"),
        stats=_PORTS,
        status=_ref("PoolStatus"),
    ),
    "PoolStatus": _object(
        "state message wanted running",
        state={"enum": ["OK", "PENDING", "ERROR"]},
        message=_STRING,
        wanted={"type": "integer"},
        running={"type": "integer"},
    ),
    "PoolTemplate": _object(
        "name", name={**_STRING, "pattern": "^[a-zA-Z0-9][a-zA-Z0-9-]+$", "maxLength": LONGEST_NAME}
    ),
    "PoolTemplates": _list("PoolTemplate"),
    "TaskStatus": _object("status message uris", status=_STRING, message=_STRING, uris=_STRINGS),
    "PoolTemplateStatus": _object(
        "pool",
        pool=_object(
            "status message statuses",
            status={"enum": ["OK", "RENDER_ERR", "SUBMIT_ERR", "NO_TASKS", "NEW"]},
            message=_STRING,
            statuses={"type": "object", "additionalProperties": _ref("TaskStatus")},
        ),
    ),
    "OpenApi": _object("openapi paths"),
}


@cache
def description() -> dict[str, Any]:
    """The whole description; made once."""
    paths: dict[str, Any] = {}
    for endpoint in ALL:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Edge-LB, as lbgen serves it",
            "version": VERSION.removeprefix("v"),
            "description": "Every path is there under /service/edgelb, too.",
        },
        "paths": {path: _with_parameters(path, methods) for path, methods in paths.items()},
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
        "security": [{}, {"token": []}],
    }


def _schemas() -> dict[str, Any]:
    definitions = Definitions(_details, closed=False)
    pools = {f"{version}Pool": definitions.object(kind) for version, kind in schema.POOLS.items()}
    made = {**_OWN, **pools, **dict(sorted(definitions.made.items()))}
    for name in pools:
        made[name]["required"] = ["name"]
    moved: dict[str, Any] = json.loads(json.dumps(made).replace("#/definitions/", "#/components/schemas/"))
    return moved


def _details(kind: Any, key: str) -> Mapping[str, Any]:
    found = dict(details(kind, key))
    if key in ENUMS.get(kind, {}):
        found["enum"] = [*ENUMS[kind][key], None]
    if _is_integer(kind, key):
        found = {**_INT32, **found}
    if kind in schema.POOLS.values() and key == "name":
        # A pool without one is refused, null as much as the empty text.
        found = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
    return found


def _is_integer(kind: Any, key: str) -> bool:
    return bool(re.match(r"int\b", str(_hints(kind)[key])))


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for base in (*getattr(kind, "__orig_bases__", ()), kind):
        found |= getattr(base, "__annotations__", {})
    return {key: getattr(hint, "__forward_arg__", hint) for key, hint in found.items()}


def _with_parameters(path: str, methods: dict[str, Any]) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", path)
    one = {"in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    given = [{"name": name, **one, "example": examples.parameter(path, name)} for name in names]
    return ({"parameters": given} if given else {}) | methods


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    made: dict[str, Any] = {"operationId": _id(endpoint), "summary": endpoint.summary}
    if 412 in endpoint.statuses:
        described = "The ETag of what is to be changed; 412 where that is no longer so."
        made["parameters"] = [{"name": "If-Match", "in": "header", "schema": _STRING, "description": described}]
    if endpoint.body:
        content = {
            kind: {**each, "example": examples.body(endpoint.path, endpoint.body)}
            for kind, each in _content(endpoint.body).items()
        }
        made["requestBody"] = {"required": True, "content": content}
    statuses = {*endpoint.statuses, *_COMMON}
    made["responses"] = {str(status): _response(endpoint, status) for status in sorted(statuses)}
    return made


def _id(endpoint: Endpoint) -> str:
    words = "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", endpoint.path))
    return f"{endpoint.method.lower()}{words}"


def _links(made: Endpoint) -> dict[str, Any]:
    """What can be done next with what was made."""
    ids = [_id(each) for each in ALL if each.path.startswith(f"{made.path}/{{name}}")]
    return {each: {"operationId": each, "parameters": {"name": "$response.body#/name"}} for each in ids}


def _response(endpoint: Endpoint, status: int) -> dict[str, Any]:
    said: dict[str, Any] = {"description": _WORDS[status]}
    if status == 204:
        return said
    if status == 200:
        headers = {"ETag": {"schema": _STRING, "description": "The revision, for If-Match."}}
        links = {"links": _links(endpoint)} if endpoint.method == "POST" else {}
        return said | {"content": _content(endpoint.reply), "headers": headers} | links
    return said | {"content": _content("Error") | (_content("text") if endpoint.says_no_in_text else {})}


def _content(name: str) -> dict[str, Any]:
    return {"text/plain": {"schema": _STRING}} if name == "text" else {"application/json": {"schema": _ref(name)}}


def _describe(_: Server, __: Asked) -> Answer:
    return Answer(description())


ENDPOINTS = (Endpoint("GET", "/openapi.json", _describe, "This description.", reply="OpenApi"),)
ALL = (*both.ENDPOINTS, *pools_v2.ENDPOINTS, *pools_v1.ENDPOINTS, *pool_templates.ENDPOINTS, *ENDPOINTS)
"""Every endpoint that there is."""
