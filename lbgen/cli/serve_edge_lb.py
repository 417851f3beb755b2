"""`lbgen serve edge-lb`: the options of the server; what it does is in `lbgen.cli.serving_edge_lb`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lbgen.cli.options import checking, endpoints
from lbgen.cli.pool_options import dialect, pool_writing

_EPILOG = """Pools and pool templates are kept in DATA, in SQLite: what was answered is on disk. The API is under / and
under --prefix. Without --tasks, --marathon or --mesos there are no tasks: pools of addresses are complete, others have
no servers.

lbconfig is rendered when it is asked for. In the portable dialect it runs anywhere; certificates are then expected in
DATA/certificates/POOL. With --run it is the text that runs.

SIGTERM and SIGINT end it once what was asked is answered, and every HAProxy once it has finished what it serves. A
server that is killed leaves them running, and the next one takes them over.

Exit status: 0 it was told to end, 2 it could not serve."""
_FILE = click.Path(path_type=Path)


@click.command(epilog=_EPILOG)
@click.option(
    "--data",
    type=_FILE,
    metavar="DIR",
    help="Where pools are kept.  [default: /var/lib/lbgen/edge-lb, or ~/.local/state/lbgen/edge-lb]",
)
@click.option(
    "--listen", default="127.0.0.1:5555", show_default=True, metavar="ADDRESS:PORT", help="Port 0 is any free one."
)
@click.option(
    "--run",
    "run_by",
    is_flag=False,
    flag_value="auto",
    type=click.Choice(["auto", "process", "container"]),
    help="Keep a HAProxy running for each pool; by itself a process where HAProxy is installed, else a container.",
)
@click.option(
    "--public-address",
    "public_addresses",
    multiple=True,
    metavar="ADDRESS",
    help="Where pools that run are reached from outside. Repeatable.",
)
@click.option("--prefix", default="/service/edgelb", show_default=True, help="Serve the API there, too.")
@click.option("--tasks", type=_FILE, multiple=True, metavar="FILE", help="Replies of Mesos or Marathon. Repeatable.")
@click.option("--marathon", metavar="URL", help="Ask this Marathon for apps, pods and their tasks.")
@click.option("--mesos", metavar="URL", help="Ask this Mesos master for tasks.")
@click.option("--tasks-token-file", type=_FILE, metavar="FILE", help="A token for them, in the first line.")
@click.option(
    "--poll",
    type=click.FloatRange(min=0.1),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="Until tasks are read again.",
)
@click.option("--token-file", type=_FILE, metavar="FILE", help="Ask everybody for the token in its first line.")
@click.option(
    "--host-name", "host_names", multiple=True, metavar="NAME", help="A name of this server, where there is no token."
)
@click.option("--no-token-needed", is_flag=True, help="Let everybody who reaches a public address change everything.")
@click.option(
    "--max-body",
    type=click.IntRange(1024),
    default=4 * 1024 * 1024,
    show_default=True,
    metavar="BYTES",
    help="Refuse longer bodies.",
)
@dialect
@pool_writing
@endpoints
@checking("--check", "auto", "With what templates of haproxy.cfg are tried before they are taken.")
@click.option(
    "--check-timeout",
    type=click.FloatRange(min=0.1),
    default=20,
    show_default=True,
    metavar="SECONDS",
    help="Refuse templates of which HAProxy has no opinion by then.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Form of the log.",
)
def command(**given: Any) -> int:
    """Serve the API that Edge-LB served: pools of V1 and V2, their configurations, templates, and auto pools."""
    from lbgen.cli.serving_edge_lb import run

    return run(given)
