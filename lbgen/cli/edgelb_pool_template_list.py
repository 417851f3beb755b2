"""`lbgen edgelb pool-template list`: the names of all pool templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client


@click.command(epilog="Exit status: 0 listed, 1 the server refuses, 2 there is no answer.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects with their names.")
@asking
def command(client: Client, as_json: bool) -> None:
    """List all pool templates by name."""
    from lbgen.edgelb_client.tables import table

    names = sorted(client.pool_templates())
    if as_json:
        put(json.dumps([{"name": name} for name in names], indent=2) + "\n")
    else:
        put(table(("NAME",), ((name,) for name in names)))
