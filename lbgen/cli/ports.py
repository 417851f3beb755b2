"""`lbgen ports`: who has which port of a load balancer, and ports held for somebody."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup

COMMANDS = {
    "list": ("lbgen.cli.ports_list", "List who claims and who holds which port, and why."),
    "free": ("lbgen.cli.ports_free", "Print ports that nobody claims or holds."),
    "check": ("lbgen.cli.ports_check", "Find what is wrong with ports: lint's rules LBG2."),
    "reserve": ("lbgen.cli.ports_reserve", "Hold a port for an app, and print it."),
    "renew": ("lbgen.cli.ports_renew", "Hold a port for longer."),
    "release": ("lbgen.cli.ports_release", "Give a port back."),
    "reservations": ("lbgen.cli.ports_reservations", "List what is held."),
    "whois": ("lbgen.cli.ports_whois", "Tell who holds a port."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Tell who has which port of a load balancer, who clashes with whom, and hold ports for apps."""
