"""`lbgen edgelb pool-template status`: what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client

_EPILOG = """Exit status: 0 told, and nothing is wrong, 1 the pool could not be made, or the server refuses, 2 there is
no answer.

STATUS is OK, NEW, NO_TASKS where no task asks for the template, RENDER_ERR where it makes no pool, SUBMIT_ERR where the
pool is refused."""


@click.command(epilog=_EPILOG)
@click.argument("name", metavar="NAME")
@click.option("--json", "as_json", is_flag=True, help="Print the status as the server tells it.")
@asking
def command(client: Client, name: str, as_json: bool) -> int:
    """Tell what came of a pool template: its pool, and each task that asks for it."""
    from lbgen.edgelb_client.tables import template_status

    status = client.pool_template_status(name)
    put(json.dumps({"pool": status}, indent=2) + "\n" if as_json else template_status(name, status))
    return 1 if str(status.get("status", "")).endswith("_ERR") else 0
