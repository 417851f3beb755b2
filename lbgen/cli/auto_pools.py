"""`--auto-pools` of `lbgen haproxy`: what Edge-LB runs for apps with `edgelb.*` labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.core import ParameterSource

from lbgen.cli.options import checking_of, refuse_control_characters
from lbgen.cli.ports_db import reserved
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import click

    from lbgen.pipeline.auto_pools import LabelledInputs

# What from-pool may be told beyond what is said of apps.
_DEFAULTS: Mapping[str, Any] = {"cert_dir": None, "autocert_key": "rsa"}
_SHARED = frozenset(
    {
        "annotate",
        "auth_credentials",
        "auto_pools",
        "color",
        "connect_timeout",
        "dcos_auth_credentials",
        "dialect",
        "files",
        "haproxy_bin",
        "how",
        "image",
        "lua_dir",
        "marathon_auth_credential_file",
        "marathon_ca_cert",
        "no_verify_tls",
        "output",
        "ports_db",
        "quiet",
        "read_timeout",
        "stats_socket",
        "stdin_filename",
        "target",
        "tasks",
        "total_timeout",
        "urls",
        "verbose",
    }
)


def generate_auto_pools(
    ctx: click.Context,
    read: Callable[[], LabelledInputs],
    output: str | None,
    annotate: bool,
    given: Mapping[str, Any],
) -> int:
    """Makes the pools, and generates and writes their configurations; returns the exit status.

    `read` gives what has labels, once the options are known to go together; raises UsageError where they do not.
    """
    from lbgen.cli.from_pool import generate
    from lbgen.config import find
    from lbgen.pipeline.auto_pools import from_labels
    from lbgen.pipeline.auto_tasks import pool_inputs
    from lbgen.pipeline.pools import PoolOptions

    _refuse_others(ctx)
    checking_of(given)
    refuse_control_characters(given, "lua_dir", "stats_socket")
    labelled = read()
    held = reserved(given["ports_db"], find(Path.cwd()))
    made = from_labels(labelled, reservations=held)
    inputs = pool_inputs(labelled, made, given.get("tasks", ()))
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
