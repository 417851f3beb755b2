"""`lbgen edgelb lb-config`: the configuration of a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client


@click.command(epilog="Exit status: 0 printed, 1 the server refuses, or there is none, 2 there is no answer.")
@click.argument("pool", metavar="POOL")
@click.option("--raw", is_flag=True, help="Keep the blank lines.")
@asking
def command(client: Client, pool: str, raw: bool) -> None:
    """Print the haproxy.cfg of a pool, without its blank lines."""
    text = client.configuration(pool)
    put(text if raw else "".join(f"{line}\n" for line in text.split("\n") if line.strip()))
