"""`lbgen haproxy from-app`: apps in, one haproxy.cfg out."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from lbgen.cli.generating import auto_pools, dialect, generate, groups, options_of, refuse_edge_lb, writing
from lbgen.cli.options import stdin_filename, telling

__all__ = ["command", "options_of"]

_EPILOG = """Exit status: 0 everything was generated, 1 an app was left out, or has a port that is reserved for another,
2 nothing was.

FILE is an app, a list of apps, a group, or a reply of GET /v2/apps; a directory is read whole; - is standard input.
Several are one fleet behind one load balancer."""


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@groups
@dialect
@auto_pools
@click.option("--tasks", multiple=True, metavar="FILE", help="Running tasks: a reply of GET /v2/tasks. Repeatable.")
@writing
@stdin_filename
@telling
@click.pass_context
def command(
    ctx: click.Context,
    /,
    files: tuple[str, ...],
    output: str | None,
    annotate: bool,
    **given: Any,
) -> int:
    """Generate haproxy.cfg from Marathon app definitions, on standard output or to a file."""
    from lbgen.pipeline import read_inputs

    if given["auto_pools"]:
        from lbgen.cli.auto_pools import generate_auto_pools
        from lbgen.pipeline.auto_pools import read_labelled

        labelled = partial(read_labelled, files, stdin_name=given["stdin_filename"])
        return generate_auto_pools(ctx, labelled, output, annotate, given)
    refuse_edge_lb(given)
    read = partial(read_inputs, files, tasks=given["tasks"], stdin_name=given["stdin_filename"])
    return generate(read, output, annotate, given)
