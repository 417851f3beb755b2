"""`lbgen status`: how a live load balancer of this machine is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from lbgen.cli.streams import put
from lbgen.errors import ToolError

_EPILOG = """Exit status: 0 everything is as it should be, 1 something is not, 2 nobody answers.

It asks the socket in the state directory of `lbgen run`, which only its owner may open; --url asks the port that
--status-listen opened instead."""


@click.command(epilog=_EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Print the whole document.")
@click.option(
    "--state-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="That of the load balancer.  [default: /var/lib/lbgen, or that of this user]",
)
@click.option("--url", metavar="URL", help="Ask there, as in http://127.0.0.1:9095.")
def command(as_json: bool, state_dir: Path | None, url: str | None) -> int:
    """Tell how a live load balancer is: what it serves, what it leaves out and why, how old its data is."""
    from lbgen.live.asking_status import ask

    document = ask(url or state_dir or default_state_dir())
    put(_dumped(document) if as_json else _told(document))
    return 0 if document.get("healthy") else 1


def _dumped(document: dict[str, Any]) -> str:
    import json

    return json.dumps(document, indent=2) + "\n"


def _told(document: dict[str, Any]) -> str:
    """What people read; raises ToolError where the document is of another form than this lbgen knows."""
    from lbgen.cli.status_text import as_text

    try:
        return as_text(document)
    except (LookupError, TypeError, ValueError, AttributeError):
        said = f"the load balancer tells in a form that this lbgen does not know: {document['version']}"
        raise ToolError(said, help="use the lbgen that runs there, or --json") from None


def default_state_dir() -> Path:
    """Where `lbgen run` keeps what it knows unless it is told otherwise."""
    if os.geteuid() == 0:
        return Path("/var/lib/lbgen")
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "lbgen"
