"""`lbgen edgelb delete`: a pool is no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client


@click.command(epilog="Exit status: 0 removed, 1 the server refuses, 2 there is no answer.")
@click.argument("pool", metavar="POOL")
@asking
def command(client: Client, pool: str) -> None:
    """Remove a pool, of V1 or V2."""
    from lbgen.report.visible import visible

    client.delete(pool)
    put(f'Successfully deleted {visible(pool)}. Check "lbgen edgelb list" for pool uninstall status.\n')
