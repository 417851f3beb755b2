"""`lbgen serve`: APIs that other tools speak to."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup

COMMANDS = {"edge-lb": ("lbgen.cli.serve_edge_lb", "Serve the API that Edge-LB served.")}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Serve APIs that other tools speak to."""
