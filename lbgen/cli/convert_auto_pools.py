"""`lbgen convert auto-pools`: apps with `edgelb.*` labels in, the pools that Edge-LB makes of them out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.options import stdin_filename, telling
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.edgelb.auto_pools import AutoPool

_EPILOG = """Exit status: 0 everything is in a pool, 1 an app was left out, 2 there is no pool.

FILE is an app, a list of apps, a group, a reply of GET /v2/apps, a pod, or a reply of Mesos; a directory is read whole;
- is standard input. Each template, as edgelb.template names it, makes one pool."""


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--tasks", multiple=True, metavar="FILE", help="Running tasks: a reply of GET /v2/tasks. Repeatable.")
@click.option("--by-app", is_flag=True, help="Select tasks by the app's id, even where their own ids are known.")
@click.option("-o", "--output", metavar="FILE|DIR/", help="Write here; into a directory, one file a pool.")
@stdin_filename
@telling
def command(files: tuple[str, ...], tasks: tuple[str, ...], by_app: bool, output: str | None, **given: Any) -> int:
    """Turn edgelb.* labels into the pools that Edge-LB makes of them."""
    from lbgen.cli.telling import tell
    from lbgen.pipeline.auto_pools import from_labels, read_labelled, remarks_on

    labelled = read_labelled(files, tasks=tasks, stdin_name=given["stdin_filename"])
    made = from_labels(labelled, by_app=by_app)
    tell([*labelled.inputs.findings, *made.findings, *remarks_on(made.pools)], labelled.inputs.documents, given)
    if not made.pools:
        return 2
    _write(made.pools, output)
    return 1 if made.left_out or labelled.inputs.left_out else 0


def _write(pools: Sequence[AutoPool], output: str | None) -> None:
    from lbgen.cli.placing import write_each

    if output is None:
        values = [pool.value for pool in pools]
        put(as_json(values[0] if len(values) == 1 else values))
    else:
        write_each({f"{pool.name}.json": as_json(pool.value) for pool in pools}, output)


def as_json(value: Any) -> str:
    """The value as people read it, with a line break at its end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
