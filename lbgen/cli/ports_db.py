"""Which database holds the reservations, and what it holds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from lbgen.cli.streams import say

if TYPE_CHECKING:
    from lbgen.config import Settings
    from lbgen.ports.reservation import Reservation

ports_db = click.option(
    "--ports-db", metavar="URL", help="Reservations: sqlite:///FILE or postgresql://HOST/NAME. [$LBGEN_PORTS_DB]"
)


class Which(NamedTuple):
    """A database; `named` tells whether somebody asked for it."""

    url: str
    named: bool


def database(url: str | None, settings: Settings) -> Which:
    """The database that this command line names, else the environment, else the settings, else the usual one."""
    from lbgen.ports.where import VARIABLE, default_url, seen_from

    if named := url or os.environ.get(VARIABLE):
        return Which(named, named=True)
    if settings.ports_db:
        return Which(seen_from(Path(settings.directory), settings.ports_db), named=True)
    return Which(default_url(Path.cwd(), os.environ), named=False)


def reserved(url: str | None, settings: Settings, **which: Any) -> tuple[Reservation, ...]:
    """What is held now, where there is a database; none is made. Raises as the database does.

    It is all that there is, or what `which` names as `Reservations.held` has it.
    """
    from lbgen.ports.where import is_there

    found = database(url, settings)
    if is_there(found.url):
        from lbgen.ports.store import Reservations

        return tuple(Reservations(found.url, reads=True).held(**which))
    if found.named:
        say(f"lbgen: there is no {found.url} yet: nothing is reserved")
    return ()
