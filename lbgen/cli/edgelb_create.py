"""`lbgen edgelb create`: a pool that was not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.edgelb_sending import EPILOG, send, sending

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client


@click.command(epilog=EPILOG)
@sending
@asking
def command(client: Client, file: str, **given: Any) -> int:
    """Create the pool of FILE. Edge-LB refuses the name of a pool of V2 that is there, and changes one of V1."""
    return send(file, given, client.create, "created")
