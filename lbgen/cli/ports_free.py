"""`lbgen ports free`: ports that nobody has."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import click

from lbgen.cli.listing import read, reading
from lbgen.cli.options import PortRange
from lbgen.cli.streams import put, say

_EPILOG = """Exit status: 0 there are as many as were asked for, 1 there are fewer, or a file could not be read, 2 could
not run.

A port is free that no claim of any group, pool or machine has, and no reservation; with --group, none of these
groups."""


@click.command(epilog=_EPILOG)
@reading
@click.option("--count", type=click.IntRange(1, 65535), help="So many.  [default: all there are]")
@click.option("--range", "range_", type=PortRange(), help="Of these ports.  [default: --service-ports]")
@click.option("--protocol", type=click.Choice(["tcp", "udp"]), default="tcp", show_default=True)
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], format_: str, **given: Any) -> int:
    """Print ports that nobody claims or holds, the lowest first."""
    from lbgen.ports.address import Protocol
    from lbgen.ports.free import free_ports

    found = read(ctx, paths, given)
    if found.status == 2:
        return 2
    allowed = given["range_"] or found.options.service_ports
    free = list(islice(free_ports(found.claims.taken, allowed, Protocol(given["protocol"])), given["count"]))
    put(json.dumps(free) + "\n" if format_ == "json" else "".join(f"{port}\n" for port in free))
    if len(free) < (given["count"] or 1):
        say(f"lbgen: {_free(len(free))} between {allowed.start} and {allowed.stop - 1}")
        return 1
    return found.status


def _free(number: int) -> str:
    return {0: "no port is free", 1: "only one port is free"}.get(number, f"only {number} ports are free")
