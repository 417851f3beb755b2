"""`lbgen convert pool-v1`: pools of V1 in, the same pools in V2 out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.options import stdin_filename, telling
from lbgen.cli.streams import put

if TYPE_CHECKING:
    from lbgen.edgelb.pool import Pool

_EPILOG = """Exit status: 0 every pool was converted, 1 a pool was left out, 2 none was converted.

FILE holds pools of V1 in JSON or YAML; a directory is read whole; - is standard input. Pools of V2 pass unchanged.
Several pools come out as a list, or one file each in a directory."""


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="FILE|DIR/", help="Write here; into a directory, one file a pool.")
@stdin_filename
@telling
def command(files: tuple[str, ...], output: str | None, **given: Any) -> int:
    """Turn pools of V1 into pools of V2."""
    from lbgen.cli.placing import write_each
    from lbgen.cli.telling import tell
    from lbgen.pipeline.pools import read_pools

    inputs = read_pools(files, stdin_name=given["stdin_filename"])
    tell(inputs.findings, inputs.documents, given)
    if not inputs.pools:
        return 2
    made = {f"{pool.name}.json": _converted(pool) for pool in inputs.pools}
    if output is None:
        values = list(made.values())
        put(_as_json(values[0] if len(values) == 1 else values))
    else:
        write_each({name: _as_json(value) for name, value in made.items()}, output)
    return 1 if inputs.left_out else 0


def _converted(pool: Pool) -> Any:
    from lbgen.edgelb.v1 import converted

    return converted(pool.written) if pool.version == "V1" else pool.written


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
