"""`lbgen edgelb pool-template show`: a text to look at, or to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client


@click.command(epilog="Exit status: 0 printed, 1 the server refuses, 2 there is no answer.")
@click.argument("name", metavar="NAME")
@asking
def command(client: Client, name: str) -> None:
    """Print the text of a pool template."""
    put(client.pool_template(name))
