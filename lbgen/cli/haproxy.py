"""`lbgen haproxy`: configurations out of apps."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup


@click.group(
    cls=LazyGroup, lazy={"from-app": ("lbgen.cli.from_app", "From Marathon app definitions, or replies of Marathon.")}
)
def command() -> None:
    """Generate haproxy.cfg."""
