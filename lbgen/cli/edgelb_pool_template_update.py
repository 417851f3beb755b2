"""`lbgen edgelb pool-template update`: another text for an auto pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client

_EPILOG = """Exit status: 0 done, 1 the server refuses, 2 there is no such file or no answer.

FILE is a template that makes the JSON of a pool: for lbgen's own server one of Jinja2, for Edge-LB one of Go. `lbgen
edgelb pool-template show` prints the one that is there; - is standard input."""


@click.command(epilog=_EPILOG)
@click.argument("name", metavar="NAME")
@click.argument("file", metavar="FILE")
@asking
def command(client: Client, name: str, file: str) -> None:
    """Change the text of a pool template to that in FILE."""
    from lbgen import source
    from lbgen.report.visible import visible

    client.set_pool_template(name, source.read(file).text)
    put(f"Successfully updated pool template {visible(name)}.\n")
