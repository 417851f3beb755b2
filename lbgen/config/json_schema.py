"""The JSON Schema of settings, for editors: the keys of lbgen.toml, and of [tool.lbgen]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.config.keys import KEYS, LINT_KEYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.config.keys import Key


def config_schema() -> dict[str, Any]:
    """The JSON Schema of lbgen.toml; unknown keys are refused."""
    lint = _object(LINT_KEYS) | {"description": "What lbgen lint looks for, and what it tells."}
    made = _object(KEYS)
    made["properties"]["lint"] = lint
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Settings of lbgen", **made}


def _object(keys: Sequence[Key]) -> dict[str, Any]:
    found = {key.name: {"description": key.description, **key.kind.schema} for key in keys}
    return {"type": "object", "properties": found, "additionalProperties": False}
