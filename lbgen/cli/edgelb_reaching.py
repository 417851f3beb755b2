"""What the commands of `lbgen edgelb` share: how the server is reached, and how a refusal ends a command."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lbgen.cli.streams import say
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.edgelb_client.access import Access
    from lbgen.edgelb_client.client import Client

F = TypeVar("F", bound="Callable[..., Any]")

_FILE = click.Path(path_type=Path)
# Without defaults: what stands behind a command counts, then what stands before it, then the environment.
_OPTIONS = (
    click.option("--url", metavar="URL", help="Of the server.  [default: LBGEN_EDGELB_URL, or http://127.0.0.1:5555]"),
    click.option(
        "--dcos-url",
        "--custom-dcos-url",
        "dcos_url",
        metavar="URL",
        help="Of a DC/OS cluster in which an Edge-LB runs, in place of --url.",
    ),
    click.option("--name", "service", metavar="NAME", help="Of its service in that cluster.  [default: edgelb]"),
    click.option(
        "--token-file",
        type=_FILE,
        metavar="FILE",
        help="The token is its first line.  [default: LBGEN_EDGELB_TOKEN_FILE]",
    ),
    click.option(
        "--token",
        "--custom-auth-token",
        "token",
        metavar="TOKEN",
        help="The token, for all who list processes to see.  [default: LBGEN_EDGELB_TOKEN]",
    ),
    click.option(
        "--ca-file",
        "--custom-cert-path",
        "ca_file",
        type=_FILE,
        metavar="FILE",
        help="Believe certificates of these authorities.  [default: LBGEN_EDGELB_CA_FILE]",
    ),
    click.option(
        "--no-verify-tls",
        "--force-insecure",
        "no_verify_tls",
        is_flag=True,
        default=None,
        help="Believe every certificate.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="For each answer in all.  [default: 60]",
    ),
    click.option("--tell-requests", is_flag=True, default=None, help="Tell each request on standard error."),
)
_NAMES = ("url", "dcos_url", "service", "token_file", "token", "ca_file", "no_verify_tls", "timeout", "tell_requests")


def reaching(function: F) -> F:
    """The options that say how the server is reached."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def asking(function: Callable[..., int | None]) -> Callable[..., int]:
    """A command that gets a `client` made of the options of `reaching`, and ends with 1 where the server refuses."""

    @reaching
    @click.pass_context
    @functools.wraps(function)
    def asked(ctx: click.Context, /, **given: Any) -> int:
        from lbgen.edgelb_client.answers import RefusedError
        from lbgen.report.visible import visible

        own = {name: given.pop(name) for name in _NAMES}
        try:
            return function(client=client_of(ctx, own), **given) or 0
        except RefusedError as refused:
            say(visible(f"lbgen: refused: {refused}"))
            if refused.help:
                say(f"  = help: {refused.help}")
            return 1

    return asked


def client_of(ctx: click.Context, own: Mapping[str, Any]) -> Client:
    """The client that the options ask for, those of the groups above and of the environment included."""
    from lbgen.edgelb_client.client import Client
    from lbgen.report.visible import visible

    given: dict[str, Any] = {}
    for each in (own, *_above(ctx)):
        # Of a URL and a cluster, of a token and its file, the nearer one counts.
        taken = [name for group in _EITHER if any(name in given for name in group) for name in group]
        given |= {name: each[name] for name in _NAMES if each.get(name) is not None and name not in {*given, *taken}}
    heard = (lambda line: say(visible(f"lbgen: {line}"))) if given.get("tell_requests") else None
    return Client(access_of(given, os.environ), heard)


_EITHER = (("url", "dcos_url"), ("token", "token_file"))


def _above(ctx: click.Context) -> list[Mapping[str, Any]]:
    """What stands before the command; `obj` of a group is that of the groups above it unless it has its own."""
    return [ctx.obj] if isinstance(ctx.obj, dict) else []


def access_of(given: Mapping[str, Any], environ: Mapping[str, str]) -> Access:
    """How the server is reached, by what was given and what the environment says.

    Raises UsageError where an option is not what it should be, InputError where a file cannot be read.
    """
    from lbgen.edgelb_client.access import Access

    for group in _EITHER:
        if all(name in given for name in group):
            raise UsageError(" or ".join(f"--{name.replace('_', '-')}" for name in group) + ": only one may be given")
    ca_file = given.get("ca_file") or environ.get("LBGEN_EDGELB_CA_FILE") or None
    return Access(
        url=_url(given, environ),
        token=_token(given, environ),
        ca_file=Path(ca_file) if ca_file else None,
        verify=not given.get("no_verify_tls"),
        seconds=given.get("timeout") or 60.0,
    )


def _url(given: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    from lbgen.edgelb_client.access import DEFAULT_URL, base_url, service_url

    if "dcos_url" in given:
        return service_url(given["dcos_url"], given.get("service", "edgelb"))
    if "service" in given:
        raise UsageError("--name goes with --dcos-url: --url has the whole path already")
    if "url" in given:
        return base_url(given["url"])
    return base_url(environ.get("LBGEN_EDGELB_URL") or DEFAULT_URL, "LBGEN_EDGELB_URL")


def _token(given: Mapping[str, Any], environ: Mapping[str, str]) -> str | None:
    from lbgen.edgelb_client.access import token_in, token_of_file

    if "token" in given:
        return token_in(given["token"], "--token")
    if "token_file" in given:
        return token_of_file(given["token_file"])
    if environ.get("LBGEN_EDGELB_TOKEN"):
        return token_in(environ["LBGEN_EDGELB_TOKEN"], "LBGEN_EDGELB_TOKEN")
    if environ.get("LBGEN_EDGELB_TOKEN_FILE"):
        return token_of_file(Path(environ["LBGEN_EDGELB_TOKEN_FILE"]))
    return None
