"""The constraints of a pool cannot be read.

## What it does

Reads `constraints`: `field:OPERATOR` or `field:OPERATOR:value`, by commas, or a list of such in JSON. Operators are
`UNIQUE`, `CLUSTER`, `GROUP_BY`, `LIKE`, `UNLIKE`, `MAX_PER` and `IS`.

## Why is this bad?

Edge-LB takes the pool and cannot deploy it: it is left half made, and has to be removed by hand.

## Use instead

```json
"constraints": "hostname:UNIQUE,rack:LIKE:r1-.*"
```
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Pool

_OPERATORS = frozenset({"UNIQUE", "CLUSTER", "GROUP_BY", "LIKE", "UNLIKE", "MAX_PER", "IS"})
_WITH_VALUE = frozenset({"LIKE", "UNLIKE", "MAX_PER", "IS"})
_HELP = "write field:OPERATOR or field:OPERATOR:value, as in hostname:UNIQUE"


def check(pool: Pool) -> Iterator[Problem]:
    """What is wrong with the constraints, if anything is."""
    text = pool.pool.written.get("constraints")
    if isinstance(text, str) and text.strip():
        problem = _problem(text)
        if problem:
            yield Problem(problem, pool.at(f"{pool.pool.at}/constraints"), _HELP)


def _problem(text: str) -> str:
    if text.lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            return f'"{text:.60}" is no list in JSON'
        rows = listed if all(isinstance(row, list) for row in listed) else [listed]
    else:
        rows = [item.strip().split(":", 2) for item in text.split(",")]
    return next(filter(None, map(_of_one, rows)), "")


def _of_one(row: list[Any]) -> str:
    if not 2 <= len(row) <= 3 or not all(isinstance(part, str) and part for part in row[:2]):
        return f'"{":".join(map(str, row)):.60}" is no constraint'
    field, operator, *value = row
    if operator.upper() not in _OPERATORS:
        return f'"{operator:.30}" of {field:.30} is no operator of a constraint'
    if operator.upper() in _WITH_VALUE and not value:
        return f"{operator} of {field:.30} needs a value"
    return ""
