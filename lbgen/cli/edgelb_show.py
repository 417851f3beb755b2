"""`lbgen edgelb show`: what a pool says, for people or as a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put
from lbgen.errors import ToolError, UsageError

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client

_EPILOG = """Exit status: 0 shown, 1 the server refuses, or the file holds no pool, 2 there is no answer, or no file.

Without POOL every pool is shown, and --json prints a list of them; of one pool it prints the bare pool, defaults filled
in, which `lbgen edgelb update` takes. A pattern is shown between slashes. --reference and --convert-to-json ask no
server."""


@click.command(epilog=_EPILOG)
@click.argument("pool", metavar="[POOL]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the pool itself.")
@click.option("--etag", is_flag=True, help="Print its revision, for `lbgen edgelb update --if-match`.")
@click.option("--convert-to-json", "convert", metavar="FILE", help="Print the pool of FILE, in YAML, as JSON.")
@click.option("--reference", is_flag=True, help="Print the JSON Schema of pools of V2: all fields, and their defaults.")
@asking
def command(
    client: Client, *, pool: str | None, as_json: bool, etag: bool, convert: str | None, reference: bool
) -> int:
    """Show a pool, or all of them: summary, frontends, backends, and what they select."""
    from lbgen.cli.schema import schema_of
    from lbgen.edgelb_client.reading import answered
    from lbgen.edgelb_client.tables import shown

    if sum((pool is not None or as_json or etag, convert is not None, reference)) > 1:
        raise UsageError("--convert-to-json and --reference go with nothing else")
    if etag:
        return _tell_etag(client, pool, as_json=as_json)
    if reference:
        put(_as_json(schema_of("pool-v2")))
        return 0
    if convert is not None:
        return _convert(convert)
    if pool is not None:
        value = client.pool(pool)
        put(_as_json(value) if as_json else shown(answered(value)))
        return 0
    values = sorted(client.pools(), key=lambda each: str(each["name"]))
    put(_as_json(values) if as_json else "\n".join(shown(answered(each)) for each in values))
    return 0


def _tell_etag(client: Client, pool: str | None, *, as_json: bool) -> int:
    if pool is None or as_json:
        raise UsageError("--etag goes with POOL, and prints nothing else")
    tag = client.etag(pool)
    if not tag:
        raise ToolError("the server tells of no revisions")
    put(f"{tag}\n")
    return 0


def _convert(file: str) -> int:
    from lbgen.cli.telling import tell
    from lbgen.edgelb_client.reading import read_given

    found = read_given(file)
    tell(found.inputs.findings, found.inputs.documents, {"quiet": False, "verbose": False, "color": "auto"})
    if found.pool is None:
        return 2
    put(_as_json(found.pool))
    return 1 if found.faulty else 0


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"
