"""`lbgen edgelb version`: of the client, and of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client

_EPILOG = """Exit status: 0 printed, 1 the server refuses, 2 there is no answer.

The client's version is lbgen's, the server's that of the Edge-LB that it is, or stands for."""


@click.command(epilog=_EPILOG)
@asking
def command(client: Client) -> None:
    """Print the versions of the client and of the server."""
    import lbgen
    from lbgen.report.visible import visible

    server = client.version()
    put(f"client = v{lbgen.__version__}\nserver = {visible(server)}\n")
