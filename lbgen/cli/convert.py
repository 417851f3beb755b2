"""`lbgen convert`: from one way of describing a load balancer to another."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup

COMMANDS = {
    "pool-v1": ("lbgen.cli.convert_pool_v1", "Pools of V1 to pools of V2."),
    "auto-pools": ("lbgen.cli.convert_auto_pools", "The pools that Edge-LB makes of edgelb.* labels."),
    "edge-lb": ("lbgen.cli.convert_edge_lb", "Marathon-LB's labels to Edge-LB's, or to a pool."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Convert between the ways of describing a load balancer."""
