"""`lbgen edgelb show`: what a pool says, for people or as a file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client

_EPILOG = """Exit status: 0 shown, 1 the server refuses, or the file holds no pool, 2 there is no answer, or no file.

Without POOL every pool is shown, and --json prints a list of them; of one pool it prints the bare pool, defaults filled
in, which `lbgen edgelb update` takes. A pattern is shown between slashes. `lbgen schema pool-v2` prints the reference
of all fields."""


@click.command(epilog=_EPILOG)
@click.argument("pool", metavar="[POOL]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the pool itself.")
@click.option("--convert-to-json", "convert", metavar="FILE", help="Print the pool of FILE, in YAML, as JSON.")
@asking
def command(client: Client, pool: str | None, as_json: bool, convert: str | None) -> int:
    """Show a pool, or all of them: summary, frontends, backends, and what they select."""
    from lbgen.edgelb_client.reading import answered
    from lbgen.edgelb_client.tables import shown

    if convert is not None:
        return _convert(convert, pool)
    if pool is not None:
        value = client.pool(pool)
        put(_as_json(value) if as_json else shown(answered(value)))
        return 0
    values = sorted(client.pools(), key=lambda each: str(each["name"]))
    put(_as_json(values) if as_json else "\n".join(shown(answered(each)) for each in values))
    return 0


def _convert(file: str, pool: str | None) -> int:
    from lbgen.cli.telling import tell
    from lbgen.edgelb_client.reading import read_given

    if pool is not None:
        raise UsageError("--convert-to-json is about a file: POOL says nothing there")
    found = read_given(file)
    tell(found.inputs.findings, found.inputs.documents, {"quiet": False, "verbose": False, "color": "auto"})
    if found.pool is None:
        return 2
    put(_as_json(found.pool))
    return 1 if found.faulty else 0


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=2) + "\n"
