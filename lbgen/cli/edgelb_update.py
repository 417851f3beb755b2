"""`lbgen edgelb update`: a pool becomes what a file says."""

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
    """Change the pool that FILE names to what it says; what `lbgen edgelb show --json` prints will do as FILE."""
    return send(file, given, client.update, "updated")
