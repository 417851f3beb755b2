"""`lbgen ports renew`: a port that is needed for longer."""

from __future__ import annotations

from typing import Any

import click

from lbgen.cli.reserving import Duration, kept, named, naming, nothing, storing, tell, why_not

_EPILOG = """Exit status: 0 renewed, 1 nothing is held, or not any more: reserve it again, 2 could not run."""


@click.command(epilog=_EPILOG)
@naming
@click.option("--ttl", type=Duration(), help="From now on: 90s, 30m, 12h, 7d, 2w.  [default: until released]")
@storing
def command(ttl: int | None, format_: str, ports_db: str | None, **given: Any) -> int:
    """Hold a port for longer."""
    which = named(**given)
    store = kept(ports_db)
    found = store.renew(ttl, **which) if store is not None else []
    if not found:
        return nothing(why_not(store, **which))
    tell(found, format_)
    return 0
