"""`lbgen edgelb pool-template create`: an auto pool for tasks that ask for it."""

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
    """Make a pool template, with the built-in text: tasks that ask for NAME make the pool auto-NAME."""
    from lbgen.report.visible import visible

    client.create_pool_template(name)
    put(f"Successfully created pool template {visible(name)}.\n")
