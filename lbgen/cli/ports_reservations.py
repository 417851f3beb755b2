"""`lbgen ports reservations`: everything that is held."""

from __future__ import annotations

import click

from lbgen.cli.reserving import held, storing, tell

_EPILOG = """Exit status: 0 everything is listed, even if it is nothing, 2 could not run."""


@click.command(epilog=_EPILOG)
@click.option("--scope", metavar="GROUP", help="Of this load-balancer group only.")
@storing
def command(scope: str | None, format_: str, ports_db: str | None) -> int:
    """List what is held: ports, for whom, by whom, and until when."""
    tell(held(ports_db, scope=scope), format_)
    return 0
