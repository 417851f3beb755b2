"""What `lbgen edgelb template create` and `update` share: a pool is given the template in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client

_EPILOG = """Exit status: 0 done, 1 the server refuses, 2 there is no such file or no answer.

FILE is a template for the server: of lbgen's own it is one of Jinja2, of Edge-LB one of Go. `lbgen edgelb template
show` prints the built-in one to start from; - is standard input."""


def giving(summary: str, done: str) -> click.Command:
    """The command that gives a pool a template, and says what was `done`."""

    @click.command(help=summary, epilog=_EPILOG)
    @click.argument("pool", metavar="POOL")
    @click.argument("file", metavar="FILE")
    @asking
    def command(client: Client, pool: str, file: str) -> None:
        from lbgen import source
        from lbgen.report.visible import visible

        client.set_template(pool, source.read(file).text)
        put(f"Successfully {done} template for {visible(pool)}.\n")

    return command
