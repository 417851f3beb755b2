"""`lbgen haproxy from-marathon`: what runs in a live Marathon in, one haproxy.cfg out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.access import access_of, reaching
from lbgen.cli.generating import auto_pools, dialect, generate, groups, refuse_edge_lb, writing
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
@dialect
@auto_pools
@reaching
@writing
@telling
@click.pass_context
def command(ctx: click.Context, /, urls: tuple[str, ...], output: str | None, annotate: bool, **given: Any) -> int:
    """Generate haproxy.cfg from what runs in a live Marathon, on standard output or to a file."""
    read = partial(_read, access_of(given, urls))
    if given["auto_pools"]:
        from lbgen.cli.auto_pools import generate_auto_pools
        from lbgen.pipeline.auto_pools import labelled_apps

        return generate_auto_pools(ctx, lambda: labelled_apps(read()), output, annotate, given)
    refuse_edge_lb(given)
    return generate(read, output, annotate, given)


def _read(access: Access) -> Inputs:
    """The apps of the first endpoint that gives a usable answer; raises SourceError where none does."""
    from lbgen.live.marathon import MarathonSource
    from lbgen.pipeline import from_values

    reply = MarathonSource(access).fetch()
    return from_values(f"{reply.endpoint}/v2/apps", reply.value)
