"""`lbgen edgelb pool-template delete`: an auto pool is no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client


@click.command(epilog="Exit status: 0 done, 1 the server refuses, 2 there is no answer.")
@click.argument("name", metavar="NAME")
@asking
def command(client: Client, name: str) -> None:
    """Remove a pool template, and the pool auto-NAME with it."""
    from lbgen.report.visible import visible

    client.delete_pool_template(name)
    put(f"Successfully deleted pool template {visible(name)}.\n")
