"""`lbgen ports reservations`: everything that is held."""

from __future__ import annotations

import click

from lbgen.cli.reserving import reservations, storing, tell


@click.command()
@click.option("--scope", metavar="GROUP", help="Of this load-balancer group only.")
@storing
def command(scope: str | None, format_: str, ports_db: str | None) -> int:
    """List what is held: ports, for whom, by whom, and until when."""
    tell(reservations(ports_db).held(scope=scope), format_)
    return 0
