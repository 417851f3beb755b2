"""`lbgen edgelb ping`: whether the server is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client


@click.command(epilog="Exit status: 0 it answers, 1 it refuses, 2 there is no answer, or another than pong.")
@asking
def command(client: Client) -> None:
    """Ask whether the server is there: it answers `pong`."""
    from lbgen.report.visible import visible

    said = client.ping()
    if said != "pong":
        raise ToolError(f"the server answers {visible(said)!r:.80}, not pong", help="is that the URL of an Edge-LB?")
    put("pong\n")
