"""From the bytes of a request to what they say: JSON of bounded depth, of the right types, in go-openapi's words."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import jiter

from lbgen.edgelb import schema
from lbgen.edgelb.shapes import objects
from lbgen.model.border import Fault, validate
from lbgen.origin import unescape_pointer
from lbgen.regex import regex
from lbgen.server.refusals import ENUM, LEAST_VALUE, PATTERN, REQUIRED, TOO_LONG, WRONG_TYPE, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEEPEST = 64
"""Levels of lists and objects in each other; a pool has a dozen."""
LONGEST_NAME = 200
"""Characters of a name, which becomes part of paths and of ids."""
_FRONTEND_NAME = r"^[a-zA-Z0-9:_.-]*$"
_IS_FRONTEND_NAME = regex(_FRONTEND_NAME.removesuffix("$") + r"\Z")
_HEALTH = {"GracePeriod": 1, "Interval": 1, "MaxFail": 1, "Timeout": 2}
_LEAST = {f"poolHealthcheck{key}": least for key, least in _HEALTH.items()}
LEAST: Mapping[Any, Mapping[str, int]] = {schema.Pool: _LEAST, schema.PoolV1: _LEAST}
"""Members that have a least value in Edge-LB's own schema, which looks at no zeros."""
_INT32 = range(-(2**31), 2**31)
_PROTOCOLS = ("HTTP", "HTTPS", "TCP", "TLS")
_VERSIONS = ("V1", "V2")
_ADDRESSES = ("AUTO_IP", "AGENT_IP", "CONTAINER_IP")
ENUMS: Mapping[Any, Mapping[str, tuple[str, ...]]] = {
    schema.Pool: {"apiVersion": _VERSIONS, "type": ("static", "template-static", "template-dynamic")},
    schema.PoolV1: {"apiVersion": _VERSIONS},
    schema.Frontend: {"protocol": _PROTOCOLS},
    schema.FrontendV1: {"protocol": _PROTOCOLS},
    schema.Backend: {"protocol": _PROTOCOLS},
    schema.BackendV1: {"protocol": _PROTOCOLS},
    schema.Endpoint: {"type": (*_ADDRESSES, "ADDRESS")},
    schema.Server: {"type": (*_ADDRESSES, "VIP")},
    schema.Match: {"match": ("EXACT", "REGEX")},
    schema.Listener: {"protocol": ("TCP", "TLS")},
}
"""Members whose values Edge-LB's own schema lists; an empty text is no value."""


def json_value(body: bytes) -> Any:
    """The value of a JSON text; raises Refusal where it is none, or nested deeper than anything that is meant."""
    try:
        value = jiter.from_json(body, allow_inf_nan=False)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"parsing body failed, because {error}") from None
    if _deep(value):
        raise Refusal(400, f"parsing body failed, because it is nested deeper than {DEEPEST} levels")
    return value


def _deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [inside for each in level if isinstance(each, (dict, list)) for inside in _inside(each)]
        if not level:
            return False
    return True


def _inside(value: Any) -> Iterator[Any]:
    return iter(value.values() if isinstance(value, dict) else value)


def pool_document(version: str, value: Any) -> dict[str, Any]:
    """The pool without what Edge-LB does not know; raises Refusal for the first value of the wrong type or kind."""
    if value is None:
        raise Refusal(REQUIRED, "body in body is required")
    kind = schema.POOLS[version]
    document: dict[str, Any] = typed(kind, value)
    if len(document.get("name") or "") > LONGEST_NAME:
        raise Refusal(TOO_LONG, f"name in body should be at most {LONGEST_NAME} chars long")
    for visited in objects(kind, document, ""):
        _check_numbers(visited.value, visited.pointer)
        _check_least(visited.value, visited.pointer, LEAST.get(visited.kind, {}))
        if visited.kind is schema.Frontend and not _IS_FRONTEND_NAME.match(visited.value.get("name") or ""):
            raise Refusal(PATTERN, f"{_dotted(visited.pointer)}.name in body should match '{_FRONTEND_NAME}'")
        for key, allowed in ENUMS.get(visited.kind, {}).items():
            _check_enum(f"{visited.pointer}/{key}", visited.value.get(key), allowed)
    _check_numbers({str(index): port for index, port in enumerate(document.get("ports") or ())}, "/ports")
    return document


def typed(kind: Any, value: Any) -> Any:
    """The value as this kind of object; raises Refusal for the first of its values of the wrong type."""
    if not isinstance(value, dict):
        raise Refusal(WRONG_TYPE, f"body in body must be of type object: {_kind(value)}")
    try:
        return validate(kind, value)
    except ExceptionGroup as group:
        fault = next(fault for fault in group.exceptions if isinstance(fault, Fault))
        raise Refusal(WRONG_TYPE, f"{_dotted(fault.pointer)} in body is of the wrong type: it {fault}") from None


def _check_enum(pointer: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value and value not in allowed:
        raise Refusal(ENUM, f"{_dotted(pointer)} in body should be one of [{' '.join(allowed)}]")


def _check_least(value: Mapping[str, Any], pointer: str, bounds: Mapping[str, int]) -> None:
    for key, least in bounds.items():
        if value.get(key) and value[key] < least:
            raise Refusal(
                LEAST_VALUE, f"{_dotted(f'{pointer}/{key}')} in body should be greater than or equal to {least}"
            )


def _check_numbers(value: Mapping[str, Any], pointer: str) -> None:
    for key, number in value.items():
        if isinstance(number, int) and number not in _INT32:
            raise Refusal(WRONG_TYPE, f"{_dotted(f'{pointer}/{key}')} in body must be of type int32: {number!r:.40}")
        if isinstance(number, float) and not math.isfinite(number):
            raise Refusal(WRONG_TYPE, f"{_dotted(f'{pointer}/{key}')} in body must be of type number")


def _dotted(pointer: str) -> str:
    return ".".join(f"{unescape_pointer(token):.60}" for token in pointer.split("/")[1:]) or "body"


def _kind(value: Any) -> str:
    if isinstance(value, list):
        return "array"
    return f"{json.dumps(value):.40}"
