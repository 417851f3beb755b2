"""`lbgen edgelb endpoints`: where a pool is reached."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client

_EPILOG = """Exit status: 0 told, 1 the server refuses, 2 there is no answer.

Edge-LB tells this from 1.4 on. Where nothing runs there are ports without addresses; a port that is not known yet is
0. A frontend that listens at one address is reached there."""


@click.command(epilog=_EPILOG)
@click.argument("pool", metavar="POOL")
@click.option("--json", "as_json", is_flag=True, help="Print the metadata of the pool.")
@asking
def command(client: Client, pool: str, as_json: bool) -> None:
    """Tell under which addresses and ports the frontends of a pool and its statistics are reached."""
    from lbgen.edgelb_client.tables import endpoints

    metadata = client.metadata(pool)
    put(json.dumps(metadata, indent=2) + "\n" if as_json else endpoints(metadata))
