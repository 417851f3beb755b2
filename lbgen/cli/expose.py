"""`lbgen expose`: definitions that expose what runs in a cluster."""

from __future__ import annotations

import click

from lbgen.cli import LazyGroup

COMMANDS = {
    "kubernetes-api": ("lbgen.cli.expose_kubernetes_api", "The API of a Kubernetes cluster, by an app or a pool."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def command() -> None:
    """Write definitions that expose what runs in a cluster."""
