"""`lbgen edgelb template delete`: a pool goes back to the built-in template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client


@click.command(epilog="Exit status: 0 done, 1 the server refuses, 2 there is no answer.")
@click.argument("pool", metavar="POOL")
@asking
def command(client: Client, pool: str) -> None:
    """Take the template of POOL away: it is written with the built-in one."""
    from lbgen.report.visible import visible

    client.reset_template(pool)
    put(f"Successfully deleted template for {visible(pool)}.\n")
