"""`lbgen check`: what the real HAProxy says of configurations."""

from __future__ import annotations

import os
from typing import Any

import click

from lbgen.cli.options import checking, checking_of
from lbgen.cli.streams import results, say

_EPILOG = """Exit status: 0 HAProxy accepts every file, 1 it refuses one, 2 a file could not be checked.

Certificates, Lua files, maps, directories and variables that a file needs and this machine lacks are made up for the
check and thrown away. Files written with --annotate let messages name the app and the label."""


@click.command(epilog=_EPILOG)
@click.argument("files", metavar="FILE.cfg...", nargs=-1, required=True)
@checking("--with", "auto", "What to check with.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "concise", "json", "sarif", "github", "junit"]),
    default="text",
    show_default=True,
    help="Form of the findings.",
)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours in text.")
@click.option("-v", "--verbose", is_flag=True, help="Tell every finding, however many are of one kind.")
@click.option("-q", "--quiet", is_flag=True, help="Tell errors and warnings only.")
def command(files: tuple[str, ...], format_: str, color: str, quiet: bool, **given: Any) -> int:
    """Ask the real HAProxy whether it accepts configurations."""
    from lbgen import report
    from lbgen.finding import Severity
    from lbgen.lint.pages import pages
    from lbgen.pipeline.checking import check_files

    chosen = checking_of(given, "--with")
    assert chosen is not None  # there is no such choice here  # noqa: S101
    result = check_files(files, chosen, given["target"])
    for line in () if quiet else result.told:
        say(f"lbgen: {line}")
    findings = [finding for finding in result.findings if not quiet or finding.severity > Severity.INFO]
    flag = {"auto": None, "always": True, "never": False}[color]
    with results() as stream:
        colored = format_ == "text" and report.wants_color(stream, os.environ, flag)
        report.write(
            findings,
            result.documents,
            stream,
            format=format_,
            color=colored,
            fold=not given["verbose"],
            rules=pages(finding.rule for finding in findings) if format_ == "sarif" else None,
        )
    return result.status
