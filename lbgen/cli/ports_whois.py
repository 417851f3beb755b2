"""`lbgen ports whois`: who holds a port."""

from __future__ import annotations

import click

from lbgen.cli.reserving import Port, held, nothing, storing, tell

_EPILOG = """Exit status: 0 somebody holds it, 1 nobody does, 2 could not run."""


@click.command(epilog=_EPILOG)
@click.argument("port", type=Port())
@click.option("--scope", metavar="GROUP", help="In this load-balancer group only.")
@storing
def command(port: int, scope: str | None, format_: str, ports_db: str | None) -> int:
    """Tell who holds a port."""
    found = held(ports_db, port=port, scope=scope)
    if not found:
        where = f" in {scope}" if scope is not None else ""
        return nothing(f"nobody holds port {port}{where}")
    tell(found, format_)
    return 0
