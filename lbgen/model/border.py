"""Values at the border: checked against a TypedDict, every fault with a pointer and in our own words."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from lbgen.origin import escape_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import SchemaValidator


class Fault(Exception):  # noqa: N818 - one of possibly many faults of one value, not an error on its way up
    """A value is not what it should be: `pointer` leads to it from the validated object."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer


MOST_MEMBERS = 100_000
"""Members of a list, or of an object, that are looked at."""


@cache
def validator(kind: Any) -> SchemaValidator:
    """What checks values of this kind, a TypedDict, and drops their unknown keys; it is made once."""
    from pydantic_core import SchemaValidator

    return SchemaValidator(_core_schema(kind))


def _core_schema(kind: Any) -> Any:
    """The kind in the terms of pydantic's core.

    pydantic would make the same of it, and take longer for that than a small run takes for everything else.
    """
    arguments = get_args(kind)
    if type(None) in arguments:
        value = next(argument for argument in arguments if argument is not type(None))
        return {"type": "nullable", "schema": _core_schema(value)}
    if get_origin(kind) is list:
        return {"type": "list", "items_schema": _core_schema(arguments[0]), "max_length": MOST_MEMBERS}
    if get_origin(kind) is dict:
        keys, values = map(_core_schema, arguments)
        return {"type": "dict", "keys_schema": keys, "values_schema": values, "max_length": MOST_MEMBERS}
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    fields = {
        name: {"type": "typed-dict-field", "schema": _core_schema(hint), "required": False}
        for name, hint in get_type_hints(kind).items()
    }
    return {"type": "typed-dict", "fields": fields}


_PLAIN = {str: "str", int: "int", float: "float", bool: "bool", object: "any", Any: "any"}


def validate(kind: Any, value: object) -> Any:
    """The value as the given kind, unknown keys dropped; raises ExceptionGroup of Fault with every fault of it."""
    from pydantic_core import ValidationError

    try:
        return validator(kind).validate_python(value, strict=True)
    except ValidationError as error:
        raise ExceptionGroup("not what it should be", list(_faults(error))) from None


def _faults(error: Any) -> Iterator[Fault]:
    for detail in error.errors(include_url=False, include_context=False):
        # Behind the key of an object pydantic names "[key]" where the key itself is at fault.
        pointer = "".join(f"/{escape_pointer(str(step))}" for step in detail["loc"] if str(step) != "[key]")
        yield Fault(pointer, _in_words(detail))


_KINDS = {
    "str": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "dict": "an object",
}


def _in_words(detail: Any) -> str:
    if detail["type"] == "too_long":
        return f"has {len(detail['input']):,} members; at most {MOST_MEMBERS:,} are taken"
    wanted = detail["type"].removesuffix("_type").removesuffix("_parsing")
    names = {"string": "str", "int_from_float": "int"}
    wanted = _KINDS.get(names.get(wanted, wanted))
    if wanted is None:
        return str(detail["msg"])
    return f"should be {wanted}, is {described(detail['input'])}"


def described(value: object) -> str:
    """The value in a few words, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"the number {value!r:.40}"
    if isinstance(value, str):
        return f'the string "{value:.40}"'
    return "a list" if isinstance(value, list) else "an object"
