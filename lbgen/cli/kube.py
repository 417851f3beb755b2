"""`lbgen kube`: what is handy when a Kubernetes cluster is reached through a load balancer."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup

COMMANDS = {
    "url": ("lbgen.cli.kube_url", "The URL of a service inside the cluster."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Help with using a Kubernetes cluster through a load balancer."""
