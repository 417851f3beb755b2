"""`lbgen edgelb status`: how a pool is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.streams import put
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client

_EPILOG = """Exit status: 0 the pool is ready, 1 it is not, or the server refuses, 2 there is no answer.

COUNT is how many load balancers are wanted, INTERNAL IPS and EXTERNAL IPS are where those that run are reached, and
CONFIGURATION is ready, or the reason why there is none. Where the server is lbgen's and runs pools itself, RUNNING is
how many there are, and CONFIGURATION is pending until what is wanted runs, or the reason why it does not. Edge-LB's API
tells of no Mesos tasks: --task-ids is refused, and the scheduler knows them."""


@click.command(epilog=_EPILOG)
@click.argument("pool", metavar="POOL")
@click.option("--json", "as_json", is_flag=True, help="Print an object with the same things.")
@click.option("--task-ids", is_flag=True, hidden=True)
@asking
def command(client: Client, pool: str, as_json: bool, task_ids: bool) -> int:
    """Tell how a pool is: how many load balancers it wants, where they are, whether it can be configured."""
    from lbgen.edgelb_client.tables import of_status

    if task_ids:
        raise UsageError("--task-ids: Edge-LB's API tells of no tasks", help="the scheduler of the cluster knows them")
    status = _status(client, pool)
    put(json.dumps(status, indent=2) + "\n" if as_json else of_status(status))
    return 0 if status["configuration"] == "ready" else 1


def _metadata(client: Client, name: str) -> dict[str, Any]:
    """Where the pool is reached; nothing where the server does not know, as an Edge-LB before 1.4."""
    from lbgen.edgelb_client.answers import RefusedError

    try:
        return client.metadata(name)
    except RefusedError:
        return {}


def _status(client: Client, name: str) -> dict[str, Any]:
    from lbgen.edgelb_client.answers import RefusedError
    from lbgen.edgelb_client.reading import answered
    from lbgen.edgelb_client.tables import addresses, running, told

    pool = answered(client.pool(name))
    metadata = _metadata(client, name)
    private, public = addresses(metadata)
    try:
        client.configuration(name)
        configuration = told(metadata) or "ready"
    except RefusedError as refused:
        configuration = told(metadata) or str(refused)
    return {
        "name": pool.name,
        "apiVersion": pool.version,
        "count": pool.fields.get("count"),
        **running(metadata),
        "private": private,
        "public": public,
        "configuration": configuration,
    }
