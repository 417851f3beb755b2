"""`lbgen edgelb template`: what the haproxy.cfg of a pool is written with."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup

COMMANDS = {
    "create": ("lbgen.cli.edgelb_template_create", "Give a pool a template of its own."),
    "update": ("lbgen.cli.edgelb_template_update", "Change the template of a pool."),
    "show": ("lbgen.cli.edgelb_template_show", "Print the template of a pool, or the built-in one."),
    "delete": ("lbgen.cli.edgelb_template_delete", "Go back to the built-in template."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Manage the templates that haproxy.cfg is written with."""
