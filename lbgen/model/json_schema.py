"""From a TypedDict of the border to its JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints, is_typeddict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DIALECT = "http://json-schema.org/draft-07/schema#"
"""What editors know best."""

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}


class Definitions:
    """The schemas of kinds of objects, each made once; `details` adds to that of a member, by kind and key.

    With `closed`, objects hold what is known and nothing else.
    """

    def __init__(self, details: Callable[[Any, str], Mapping[str, Any]], *, closed: bool) -> None:
        self.made: dict[str, Any] = {}
        self._details = details
        self._closed = closed

    def of(self, hint: Any) -> dict[str, Any]:
        """The schema of a type, which may refer to the definitions in `made`."""
        arguments = get_args(hint)
        if type(None) in arguments:
            (inner,) = (self.of(argument) for argument in arguments if argument is not type(None))
            return _or_null(inner)
        if get_origin(hint) is list:
            return {"type": "array", "items": self.of(arguments[0])}
        if get_origin(hint) is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if is_typeddict(hint):
            return {"$ref": f"#/definitions/{self._defined(hint)}"}
        return {"type": _PLAIN[hint]} if hint in _PLAIN else {}

    def _defined(self, kind: Any) -> str:
        name = str(kind.__name__)
        if name not in self.made:
            self.made[name] = {}
            self.made[name] = self.object(kind)
        return name

    def object(self, kind: Any) -> dict[str, Any]:
        """The schema of a kind of object itself."""
        hints = get_type_hints(kind)
        made = {"type": "object"} | ({"description": kind.__doc__} if _said(kind) else {})
        made["properties"] = {key: {**self.of(hint), **self._details(kind, key)} for key, hint in hints.items()}
        return made | ({"additionalProperties": False} if self._closed else {})


def _said(kind: Any) -> bool:
    """Whether the kind has a docstring of its own."""
    return bool(kind.__doc__) and kind.__doc__ != dict.__doc__


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), str):
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]} if schema else {}
