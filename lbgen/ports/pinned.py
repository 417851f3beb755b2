"""The one host on which constraints keep an app or a pool, where they do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen.regex import regex

if TYPE_CHECKING:
    from lbgen.edgelb.pool import Pool
    from lbgen.marathon.apps import MarathonApp

_FIELDS = frozenset({"hostname", "@hostname"})
PLAIN = regex(r"(?:[\w:-]|\\?\.)+")
"""An expression that is a value: there is nothing to it but dots."""


def host_of_app(app: MarathonApp) -> str | None:
    """The host on which all tasks of an app run; None where Marathon may choose."""
    constraints = app.fields.get("constraints")
    return _host(constraints if isinstance(constraints, list) else [])


def host_of_pool(pool: Pool) -> str | None:
    """The host on which a pool runs; None where Mesos may choose."""
    text = pool.fields.get("constraints")
    return _host(rows(text)) if isinstance(text, str) else None


def rows(text: str) -> list[Any]:
    """The constraints of a pool, of which there are two notations; empty where they can be read as neither."""
    if not text.lstrip().startswith("["):
        return [item.strip().split(":", 2) for item in text.split(",")]
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return listed if all(isinstance(row, list) for row in listed) else [listed]


def _host(constraints: list[Any]) -> str | None:
    for row in constraints:
        if not isinstance(row, list) or len(row) != 3 or not all(isinstance(word, str) for word in row):
            continue
        field, operator, value = row
        # LIKE takes an expression: a host, unless there is more to it than dots.
        if field in _FIELDS and operator.upper() in {"CLUSTER", "IS", "LIKE"} and PLAIN.fullmatch(value):
            return str(value).replace("\\", "")
    return None
