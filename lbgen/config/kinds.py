"""What keys of the settings take: how a value is read, and its JSON Schema."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Kind(NamedTuple):
    """What a key takes: `read` makes a value of what TOML has, or raises ValueError with what it should be."""

    read: Callable[[Any], Any]
    schema: Mapping[str, Any]


def _a(kind: type, words: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        # True is a number for Python.
        if type(value) is not kind:
            raise ValueError(f"should be {words}")
        return value

    return read


def one_of(*choices: str) -> Kind:
    """One of these texts."""

    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"should be one of {', '.join(choices)}")
        return str(value)

    return Kind(read, {"enum": list(choices)})


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError('should be a list of texts, such as ["external"]')
    return tuple(value)


def _table(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise ValueError('should be a table, such as {"legacy/**" = ["LBG5"]}')  # noqa: TRY004 - it is no mistake in code
    return {key: _words(member) for key, member in value.items()}


SEVERITIES = ("error", "warning", "info")


def _severities(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(each in SEVERITIES for each in value.values()):
        raise ValueError(f'should be a table of {", ".join(SEVERITIES)}, such as {{label-unknown = "error"}}')
    return value


def _target(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"2\.[2-9]|3\.[0-4]", value):
        raise ValueError('should be a version of HAProxy as text, from "2.2" to "3.4"')
    return value


def _port(value: Any) -> bool:
    return type(value) is int and 1 <= value <= 65535


def _port_range(value: Any) -> range:
    match = re.fullmatch(r"(\d{1,5})-(\d{1,5})", value) if isinstance(value, str) else None
    if match is None or not 1 <= int(match[1]) <= int(match[2]) <= 65535:
        raise ValueError('should be a range of ports, such as "10000-10150"')
    return range(int(match[1]), int(match[2]) + 1)


def _ports(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(map(_port, value)):
        raise ValueError("should be a list of ports, such as [80, 443]")
    return tuple(value)


def _port_or_none(value: Any) -> int:
    if value != 0 and not _port(value):
        raise ValueError("should be a port, or 0 for none")
    return int(value)


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("should be a number, 0 or more")
    return value


_LIST_OF_TEXTS = {"type": "array", "items": {"type": "string"}}
_PORT_SCHEMA = {"type": "integer", "minimum": 1, "maximum": 65535}
TEXT = Kind(_a(str, "a text"), {"type": "string"})
FLAG = Kind(_a(bool, "true or false"), {"type": "boolean"})
WORDS = Kind(_words, _LIST_OF_TEXTS)
TABLE = Kind(_table, {"type": "object", "additionalProperties": _LIST_OF_TEXTS})
SEVERITY = Kind(_severities, {"type": "object", "additionalProperties": {"enum": list(SEVERITIES)}})
TARGET = Kind(_target, {"type": "string", "pattern": r"^(2\.[2-9]|3\.[0-4])$"})
PORT_RANGE = Kind(_port_range, {"type": "string", "pattern": r"^\d{1,5}-\d{1,5}$"})
PORTS = Kind(_ports, {"type": "array", "items": _PORT_SCHEMA})
COUNT = Kind(_count, {"type": "integer", "minimum": 0})
PORT = Kind(_port_or_none, _PORT_SCHEMA | {"minimum": 0})
