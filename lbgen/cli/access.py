"""The options that say how a live Marathon is reached: those of Marathon-LB by their names, and a few more."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lbgen.live.marathon import Access

F = TypeVar("F", bound="Callable[..., Any]")

_FILE = click.Path(path_type=Path)
_SECONDS = click.FloatRange(min=0, min_open=True)
_OPTIONS = (
    click.option(
        "--marathon-auth-credential-file",
        type=_FILE,
        metavar="FILE",
        help="user:password of Marathon, in the first line.  [default: MARATHON_USER, MARATHON_PASSWORD]",
    ),
    click.option("--auth-credentials", metavar="USER:PASSWORD", help="The same; whoever lists processes sees it."),
    click.option(
        "--dcos-auth-credentials",
        metavar="JSON",
        help="Service account of DC/OS.  [default: DCOS_SERVICE_ACCOUNT_CREDENTIAL]",
    ),
    click.option("--marathon-ca-cert", type=_FILE, metavar="FILE", help="Believe certificates of these authorities."),
    click.option("--no-verify-tls", is_flag=True, help="Believe every certificate."),
    click.option(
        "--connect-timeout",
        type=_SECONDS,
        default=3.05,
        show_default=True,
        metavar="SECONDS",
        help="For a connection to Marathon.",
    ),
    click.option(
        "--read-timeout",
        type=_SECONDS,
        default=46,
        show_default=True,
        metavar="SECONDS",
        help="For the longest silence within an answer.",
    ),
    click.option(
        "--total-timeout",
        type=_SECONDS,
        default=120,
        show_default=True,
        metavar="SECONDS",
        help="For an answer of one endpoint in all.",
    ),
)


def reaching(function: F) -> F:
    """The options that say how Marathon is reached."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def access_of(given: Mapping[str, Any], urls: Sequence[str], **limits: float) -> Access:
    """How these endpoints are reached, as the options of `reaching` say; `limits` are further fields of `Access`.

    Raises UsageError where an option is not what it should be, InputError where a file cannot be read.
    """
    from lbgen.live.marathon import Access, Endpoint, given_credentials

    credentials = given_credentials(
        file=given["marathon_auth_credential_file"],
        auth=given["auth_credentials"],
        dcos=given["dcos_auth_credentials"],
        environ=os.environ,
    )
    return Access(
        tuple(Endpoint.read(url) for url in urls),
        credentials,
        ca_file=given["marathon_ca_cert"],
        verify=not given["no_verify_tls"],
        connect_seconds=given["connect_timeout"],
        read_seconds=given["read_timeout"],
        total_seconds=given["total_timeout"],
        **limits,  # type: ignore[arg-type]
    )
