"""`lbgen edgelb template show`: a template to look at, or to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client


@click.command(epilog="Exit status: 0 printed, 1 the server refuses, 2 there is no answer.")
@click.argument("pool", metavar="[POOL]", required=False)
@asking
def command(client: Client, pool: str | None) -> None:
    """Print the template of POOL; without POOL, the built-in one."""
    put(client.template(pool))
