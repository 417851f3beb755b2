"""`lbgen haproxy from-marathon`: what runs in a live Marathon in, one haproxy.cfg out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.access import access_of, reaching
from lbgen.cli.generating import dialect, generate, groups, writing
from lbgen.cli.options import telling

if TYPE_CHECKING:
    from lbgen.live.marathon import Access
    from lbgen.pipeline import Inputs

_EPILOG = """Exit status: 0 everything was generated, 1 an app was left out, or has a port that is reserved for another,
2 nothing was, or Marathon cannot be read.

URL is an endpoint of Marathon, such as http://master.mesos:8080. Of several the first that gives a usable answer
counts. Certificates are verified, and credentials go to these hosts alone."""


@click.command(epilog=_EPILOG)
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@groups
@dialect(["portable", "marathon-lb"], "For HAProxy 2.2 to 3.4, or word for word as Marathon-LB.")
@reaching
@writing
@telling
def command(urls: tuple[str, ...], output: str | None, annotate: bool, **given: Any) -> int:
    """Generate haproxy.cfg from what runs in a live Marathon, on standard output or to a file."""
    return generate(partial(_read, access_of(given, urls)), output, annotate, given)


def _read(access: Access) -> Inputs:
    """The apps of the first endpoint that gives a usable answer; raises SourceError where none does."""
    from lbgen.live.marathon import MarathonSource
    from lbgen.pipeline import from_values

    reply = MarathonSource(access).fetch()
    return from_values(f"{reply.endpoint}/v2/apps", reply.value)
