"""`lbgen ports release`: a port that nobody needs any more."""

from __future__ import annotations

import click

from lbgen.cli.reserving import kept, named, naming, nothing, storing, tell, why_not

_EPILOG = """Exit status: 0 released, 1 nothing was held, 2 could not run."""


@click.command(epilog=_EPILOG)
@naming
@storing
def command(holder: str | None, port: int | None, scope: str | None, format_: str, ports_db: str | None) -> int:
    """Give a port back."""
    which = named(holder, port, scope)
    store = kept(ports_db)
    found = store.release(**which) if store is not None else []
    if not found:
        return nothing(why_not(store, **which))
    tell(found, format_)
    return 0
