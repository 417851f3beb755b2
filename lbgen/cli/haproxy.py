"""`lbgen haproxy`: configurations out of apps and pools."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup

COMMANDS = {
    "from-app": ("lbgen.cli.from_app", "From Marathon app definitions, or replies of Marathon."),
    "from-marathon": ("lbgen.cli.from_marathon", "From what runs in a live Marathon."),
    "from-pool": ("lbgen.cli.from_pool", "From Edge-LB pools."),
    "diff": ("lbgen.cli.haproxy_diff", "What differs between two configurations."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Generate and compare haproxy.cfg."""
