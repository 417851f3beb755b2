"""`lbgen ports release`: a port that nobody needs any more."""

from __future__ import annotations

import click

from lbgen.cli.reserving import named, naming, nothing, reservations, storing, tell

_EPILOG = """Exit status: 0 released, 1 nothing was held, 2 could not run."""


@click.command(epilog=_EPILOG)
@naming
@storing
def command(holder: str | None, port: int | None, scope: str | None, format_: str, ports_db: str | None) -> int:
    """Give a port back."""
    which = named(holder, port, scope)
    found = reservations(ports_db).release(**which)
    if not found:
        return nothing("nothing of the kind is held")
    tell(found, format_)
    return 0
