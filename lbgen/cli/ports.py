"""`lbgen ports`: who has which port of a load balancer, and ports held for somebody."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup

COMMANDS = {
    "reserve": ("lbgen.cli.ports_reserve", "Hold a port for an app, and print it."),
    "renew": ("lbgen.cli.ports_renew", "Hold a port for longer."),
    "release": ("lbgen.cli.ports_release", "Give a port back."),
    "reservations": ("lbgen.cli.ports_reservations", "List what is held."),
    "whois": ("lbgen.cli.ports_whois", "Tell who holds a port."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Hold ports of a load balancer for apps, so that no two of them get one."""
