"""`lbgen edgelb update`: a pool becomes what a file says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.edgelb_reaching import asking
from lbgen.cli.edgelb_sending import EPILOG, send, sending
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from lbgen.edgelb_client.client import Client

_EPILOG = """

Where the server tells of revisions, as lbgen's does, the pool is changed only if nobody changes it at the same time;
with --if-match, only if nobody has changed it since `lbgen edgelb show POOL --etag` told that ETag. Else the update is
refused, and nothing is changed."""


@click.command(epilog=EPILOG + _EPILOG)
@sending
@click.option("--if-match", metavar="ETAG", help="Change the pool only if this is its revision.")
@asking
def command(client: Client, file: str, if_match: str | None, **given: Any) -> int:
    """Change the pool that FILE names to what it says; what `lbgen edgelb show --json` prints will do as FILE."""
    from lbgen.edgelb_client.access import is_etag

    if if_match is not None and not is_etag(if_match):
        raise UsageError(f"--if-match: {if_match!r:.80} is no ETag, such as '\"12\"'")
    return send(file, given, partial(client.update, if_match=if_match or ""), "updated")
