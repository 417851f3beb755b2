"""`lbgen haproxy from-app --auto-pools`: what Edge-LB runs for apps with `edgelb.*` labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.core import ParameterSource

from lbgen.cli.options import checking_of, refuse_control_characters
from lbgen.cli.ports_db import reserved
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import click

# What from-pool may be told beyond what from-app takes.
_DEFAULTS: Mapping[str, Any] = {"cert_dir": None, "autocert_key": "rsa"}
_SHARED = frozenset(
    {
        "annotate",
        "auto_pools",
        "color",
        "dialect",
        "files",
        "haproxy_bin",
        "how",
        "image",
        "lua_dir",
        "output",
        "ports_db",
        "quiet",
        "stats_socket",
        "stdin_filename",
        "target",
        "tasks",
        "verbose",
    }
)


def generate_auto_pools(
    ctx: click.Context, files: tuple[str, ...], output: str | None, annotate: bool, given: Mapping[str, Any]
) -> int:
    """Makes the pools, and generates and writes their configurations; returns the exit status."""
    from lbgen.cli.from_pool import generate
    from lbgen.config import find
    from lbgen.pipeline.auto_pools import from_labels, read_labelled
    from lbgen.pipeline.auto_tasks import pool_inputs
    from lbgen.pipeline.pools import PoolOptions

    _refuse_others(ctx)
    checking_of(given)
    refuse_control_characters(given, "lua_dir", "stats_socket")
    labelled = read_labelled(files, stdin_name=given["stdin_filename"])
    held = reserved(given["ports_db"], find(Path.cwd()))
    made = from_labels(labelled, reservations=held)
    inputs = pool_inputs(labelled, made, given["tasks"])
    said = {name: given[name] for name in ("dialect", "target", "lua_dir", "stats_socket")}
    options = PoolOptions(**said, reservations=held, settled=True)
    status = generate(inputs, options, output, annotate, {**_DEFAULTS, **given})
    others = any(finding.rule == "port-reserved" for finding in made.findings)
    return status or int(bool(made.left_out or labelled.inputs.left_out or others))


def _refuse_others(ctx: click.Context) -> None:
    """Raises UsageError for options that mean something to Marathon-LB only."""
    if ctx.params["dialect"] == "marathon-lb":
        raise UsageError("--dialect marathon-lb does not go with --auto-pools; there are portable and edge-lb")
    for parameter in ctx.command.params:
        name = str(parameter.name)
        if name not in _SHARED and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"{parameter.opts[0]} is for Marathon-LB's labels, and does not go with --auto-pools")
