"""`lbgen route`: where a request goes, by which rule, and which rules it beat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from lbgen.cli import lint_options
from lbgen.cli.options import stdin_filename, telling
from lbgen.cli.streams import put
from lbgen.cli.telling import tell
from lbgen.errors import UsageError
from lbgen.regex import regex

if TYPE_CHECKING:
    from lbgen.routing.request import Request

_EPILOG = """Exit status: 0 the request reaches a server, or is answered or redirected; 1 it is refused, nobody takes
it, or it cannot be told; 2 could not run."""


@click.command(epilog=_EPILOG)
@click.argument("url", metavar="URL")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("-X", "--method", default="GET", show_default=True, help="Method of the request.")
@click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="Header to send. Repeatable.")
@click.option("--from", "client", metavar="ADDRESS", help="Address of the client.")
@click.option("--sni", metavar="NAME", help='Server name of TLS, "" for none.  [default: host of the URL]')
@click.option("--user", metavar="NAME", help="Who has given the right password.")
@lint_options.balancer_without_h
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--config", metavar="FILE", help="Settings.  [default: the nearest lbgen.toml or pyproject.toml]")
@click.option("--isolated", is_flag=True, help="Read no settings.")
@stdin_filename
@telling
@click.pass_context
def command(
    ctx: click.Context, /, url: str, paths: tuple[str, ...], format_: str, stdin_filename: str | None, **given: Any
) -> int:
    """Tell where a request goes, by which rule, and which rules it beat.

    Apps, pools and haproxy.cfg files are read, standard input where none are named. With -v every rule is told that
    was looked at, and why it does not match.
    """
    from lbgen.cli.lint_wanted import options_of
    from lbgen.cli.route_json import as_json
    from lbgen.cli.route_text import as_text
    from lbgen.cli.settings import merged, settings_of
    from lbgen.finding import Severity
    from lbgen.pipeline.routing import routes

    given = merged(ctx, given, settings_of(given))
    request = _request(url, given)
    found = routes(paths or ("-",), request, options_of(given), stdin_name=stdin_filename)
    told = [finding for finding in found.inputs.told if finding.severity > Severity.WARNING]
    tell(told, found.inputs.documents, given)
    if not found.routed:
        raise UsageError("there is no configuration to route anything by")
    write = as_json if format_ == "json" else as_text
    put(write(url, found, verbose=given["verbose"]))
    return 0 if any(each.answer.routed for each in found.routed) else 1


_NAME = regex(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def _request(url: str, given: dict[str, Any]) -> Request:
    """The request that the options describe; raises UsageError where they describe none."""
    from lbgen.routing.request import request_of_url
    from lbgen.routing.values import address_of

    client = address_of(given["client"]) if given["client"] else None
    if given["client"] and client is None:
        raise UsageError(f"--from: {given['client']!r:.60} is no address")
    try:
        return request_of_url(
            url,
            method=given["method"],
            headers=[_header(text) for text in given["headers"]],
            client=client,
            sni=given["sni"],
            user=given["user"],
        )
    except ValueError as error:
        raise UsageError(f"URL: {error}") from None


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not _NAME.fullmatch(name.strip()):
        raise UsageError(f"--header: {text!r:.60} is no header, as in 'Host: www.example.org'")
    return name.strip(), value.strip()
