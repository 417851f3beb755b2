"""`lbgen lint`: what is wrong with apps, pools and configurations before they are deployed."""

from __future__ import annotations

import os
from typing import Any

import click

from lbgen.cli.options import PortRange, Ports, Target, stdin_filename
from lbgen.cli.streams import results
from lbgen.pipeline.options import DEFAULT_TARGET

_EPILOG = """Exit status: 0 nothing to say, 1 findings, 2 could not run."""


@click.command(epilog=_EPILOG)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--group", "groups", multiple=True, help="Look at this group only. Repeatable.")
@click.option("--dialect", type=click.Choice(["portable", "marathon-lb"]), default="portable", show_default=True)
@click.option("--target", type=Target(), default=DEFAULT_TARGET, show_default=True, help="HAProxy version aimed at.")
@click.option("--service-ports", type=PortRange(), default="10000-10150", show_default=True)
@click.option("--lb-ports", type=Ports(), default="80,443,9090,9091", show_default=True)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "concise", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="Form of the findings.",
)
@stdin_filename
def command(paths: tuple[str, ...], format_: str, stdin_filename: str | None, **given: Any) -> int:
    """Find what is wrong with apps, pools and configurations before they are deployed."""
    from lbgen import report
    from lbgen.finding import Severity
    from lbgen.pipeline.linting import lint
    from lbgen.pipeline.options import Options

    linted = lint(paths, Options(**given), stdin_name=stdin_filename)
    findings = [finding for finding in linted.findings if finding.severity > Severity.INFO]
    with results() as stream:
        colored = format_ == "text" and report.wants_color(stream, os.environ, None)
        report.write(findings, linted.documents, stream, format=format_, color=colored, fold=True)
    return 1 if findings else 0
