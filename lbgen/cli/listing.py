"""What `lbgen ports list` and `free` share: their options, and how files are read for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from lbgen.cli import lint_options
from lbgen.cli.options import stdin_filename, telling
from lbgen.cli.ports_db import reserved

if TYPE_CHECKING:
    from collections.abc import Callable

    from lbgen.pipeline.claims import Claims
    from lbgen.pipeline.options import Options

F = TypeVar("F", bound="Callable[..., Any]")


def reading(function: F) -> F:
    """The options that say what is read, and for which load balancer."""
    for option in (
        telling,
        stdin_filename,
        lint_options.files,
        lint_options.balancer,
        click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True),
        click.argument("paths", metavar="PATH...", nargs=-1, required=True),
    ):
        function = option(function)
    return function


class Read(NamedTuple):
    """What is claimed and held, and for which load balancer; `status` is 1 where something could not be read."""

    claims: Claims
    options: Options
    status: int


def read(ctx: click.Context, paths: tuple[str, ...], given: dict[str, Any]) -> Read:
    """Reads the paths as `lbgen lint` does, and tells what is wrong with them on standard error.

    Where a `range_` may be given, reservations of other ports do not count, but those of service ports do.
    """
    from lbgen.cli.lint_wanted import files_of, options_of
    from lbgen.cli.settings import merged, settings_of
    from lbgen.cli.telling import tell
    from lbgen.finding import Severity
    from lbgen.pipeline.claims import Claims

    settings = settings_of(given)
    on_line = {**given, "baseline": None, "write_baseline": False}
    said = {**merged(ctx, given, settings), "on_line": on_line, "write_baseline": False}
    ports = _span(said["service_ports"], given["range_"]) if "range_" in given else None
    said["reservations"] = reserved(given["ports_db"], settings, scopes=said["groups"] or None, ports=ports)
    options = options_of(said)
    claims = Claims(files_of(paths, said, settings), options, stdin_name=given["stdin_filename"])
    inputs = claims.inputs
    tell([finding for finding in inputs.told if finding.severity > Severity.WARNING], inputs.documents, given)
    return Read(claims, options, 2 if not inputs.opened else int(bool(inputs.unread)))


def _span(planned: range, asked: range | None) -> range:
    both = [planned, asked or planned]
    return range(min(each.start for each in both), max(each.stop for each in both))
