"""`lbgen kube url`: where a service inside a Kubernetes cluster is reached through its API server."""

from __future__ import annotations

from typing import Any

import click

from lbgen.cli.streams import put

_EPILOG = """Exit status: 0 the URL is printed, 2 there is none for what was given.

PATH is sent as it is, with its query, colons and what is encoded; blanks and the like are encoded."""


@click.command(epilog=_EPILOG)
@click.option("--namespace", metavar="NS", default="default", show_default=True)
@click.option("--service", metavar="NAME", required=True)
@click.option("--https", is_flag=True, help="The API server speaks TLS to the service.")
@click.option("--port", metavar="PORT", default="", help="The name or the number.  [default: the service's only one]")
@click.option("--server", metavar="URL", required=True, help="Where the API is reached, as in https://192.0.2.1:6443.")
@click.argument("path", default="")
def command(server: str, namespace: str, service: str, **rest: Any) -> int:
    """Print the URL of a service inside the cluster, through the proxy of its API server."""
    from lbgen.expose.service_urls import service_url

    put(service_url(server, namespace, service, **rest) + "\n")
    return 0
