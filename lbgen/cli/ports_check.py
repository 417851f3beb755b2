"""`lbgen ports check`: what lint says of ports, and nothing else."""

from __future__ import annotations

from typing import Any

import click

from lbgen.cli import lint_options
from lbgen.cli.lint import EPILOG, linted

_EPILOG = f"""{EPILOG}

With the options of the Kubernetes package it answers whether the cluster's public nodes and the load balancers fit
together, and which ports workloads there cannot use; the exit status is 2 where the options cannot be read."""


@click.command(epilog=_EPILOG)
@lint_options.everything
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> int:
    """Find ports that clash, that are reserved for others, or where they should not be.

    It is `lbgen lint` with the rules LBG2 alone: the same options, settings, ignores and formats.
    """
    return linted(ctx, family="LBG2", **given)
