"""`lbgen edgelb list`: all pools in a table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client

_EPILOG = """Exit status: 0 listed, 1 the server refuses, 2 there is no answer.

PORTS are that of the statistics, and those of the frontends; 0 is chosen at run time."""


@click.command(epilog=_EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Print a list of the pools themselves.")
@asking
def command(client: Client, as_json: bool) -> None:
    """List the pools of both versions, by name."""
    from lbgen.edgelb_client.reading import answered
    from lbgen.edgelb_client.tables import listed

    pools = sorted(client.pools(), key=lambda pool: str(pool["name"]))
    put(json.dumps(pools, indent=2) + "\n" if as_json else listed(map(answered, pools)))
