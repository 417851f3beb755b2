"""`lbgen edgelb pool-template`: what auto pools are made with."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup

COMMANDS = {
    "list": ("lbgen.cli.edgelb_pool_template_list", "List all pool templates."),
    "create": ("lbgen.cli.edgelb_pool_template_create", "Make a pool template."),
    "show": ("lbgen.cli.edgelb_pool_template_show", "Print the text of a pool template."),
    "update": ("lbgen.cli.edgelb_pool_template_update", "Change the text of a pool template."),
    "reset": ("lbgen.cli.edgelb_pool_template_reset", "Go back to the built-in text."),
    "delete": ("lbgen.cli.edgelb_pool_template_delete", "Remove a pool template and its pool."),
    "status": ("lbgen.cli.edgelb_pool_template_status", "Tell what came of a pool template."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Manage the templates that auto pools are made with; Edge-LB has them from 1.5 on."""
