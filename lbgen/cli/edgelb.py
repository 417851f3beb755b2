"""`lbgen edgelb`: pools of an Edge-LB, or of lbgen's own, as `dcos edgelb` has it."""

from __future__ import annotations

from typing import Any

import click

from lbgen.cli import LazyGroup
from lbgen.cli.edgelb_reaching import reaching

COMMANDS = {
    "create": ("lbgen.cli.edgelb_create", "Create the pool of a file."),
    "update": ("lbgen.cli.edgelb_update", "Change a pool to what a file says."),
    "delete": ("lbgen.cli.edgelb_delete", "Remove a pool."),
    "list": ("lbgen.cli.edgelb_list", "List all pools."),
    "show": ("lbgen.cli.edgelb_show", "Show a pool, or all of them."),
    "status": ("lbgen.cli.edgelb_status", "Tell how a pool is."),
    "endpoints": ("lbgen.cli.edgelb_endpoints", "Tell where a pool is reached."),
    "lb-config": ("lbgen.cli.edgelb_lb_config", "Print the haproxy.cfg of a pool."),
    "template": ("lbgen.cli.edgelb_template", "Templates of haproxy.cfg."),
    "pool-template": ("lbgen.cli.edgelb_pool_template", "Templates of auto pools."),
    "ping": ("lbgen.cli.edgelb_ping", "Ask whether the server is there."),
    "version": ("lbgen.cli.edgelb_version", "Print both versions."),
}
_EPILOG = """The options may stand before or behind the command. A token goes to the host of the URL and to nobody else:
redirects are not followed, and certificates are verified. Options of `dcos edgelb` are taken by their names there:
--custom-dcos-url, --custom-auth-token, --custom-cert-path, --force-insecure.

Exit status: 0 done, 1 the pool is at fault or the server refuses it, 2 there is no answer, or no usable one."""


@click.group(cls=LazyGroup, lazy=COMMANDS, epilog=_EPILOG)
@reaching
@click.option("-v", "--verbose", is_flag=True, help="Tell each request on standard error.")
@click.pass_context
def command(ctx: click.Context, /, verbose: bool, **given: Any) -> None:
    """Manage the pools of an Edge-LB, or of `lbgen serve edge-lb`."""
    ctx.obj = given | {"tell_requests": given["tell_requests"] or verbose or None}
