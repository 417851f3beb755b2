"""`lbgen run`: load balancers that go on running."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup

COMMANDS = {"marathon-lb": ("lbgen.cli.run_marathon_lb", "Watch a Marathon and keep a HAProxy serving what it says.")}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Run a live load balancer."""
