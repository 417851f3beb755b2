"""`lbgen schema`: JSON Schemas for editors and validators."""

from __future__ import annotations

import json
from typing import Any

import click

from lbgen.cli.streams import put

_EPILOG = """Editors that know JSON Schema (draft 7) complete and explain with these. Name the file in the editor's
settings, or write "$schema" into a document: lbgen passes over it."""


KINDS = ("app", "pool-v1", "pool-v2", "config")


@click.command(epilog=_EPILOG)
@click.argument("kind", type=click.Choice(KINDS))
def command(kind: str) -> int:
    """Print the JSON Schema of apps, of pools, or of lbgen.toml."""
    put(json.dumps(schema_of(kind), indent=2) + "\n")
    return 0


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of one of KINDS."""
    if kind == "app":
        from lbgen.marathon.json_schema import app_schema

        return app_schema()
    if kind == "config":
        from lbgen.config.json_schema import config_schema

        return config_schema()
    from lbgen.edgelb.json_schema import pool_schema

    return pool_schema(kind.removeprefix("pool-").upper())
