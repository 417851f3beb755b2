"""`lbgen ports reserve`: a port for an app, which nobody else gets."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.lint_options import TextOfFile
from lbgen.cli.live import listening_of
from lbgen.cli.options import PortRange, Ports, refuse_control_characters
from lbgen.cli.ports_db import database
from lbgen.cli.reserving import Duration, Holder, PortOrRange, storing, tell
from lbgen.cli.streams import results, say
from lbgen.errors import UsageError
from lbgen.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.pipeline.reserving import InFiles
    from lbgen.ports.store import Wanted

_SERVICE_PORTS = range(10000, 10151)
_EPILOG = """Exit status: 0 the port is held, 1 refused: it says who has it, 2 could not run.

Reserving again for the same app and index gives the same port, with --ttl from now on. What the PATHs claim counts as
taken: apps, pools, manifests of Kubernetes and haproxy.cfg files, as `lbgen lint` reads them; an app that is among them
keeps its port."""


@click.command(epilog=_EPILOG)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--for", "holder", type=Holder(), required=True, help="The app, and the index of its service port.")
@click.option("--scope", default="external", show_default=True, metavar="GROUP", help="The load-balancer group.")
@click.option("--port", type=PortOrRange(), help="This port and no other, or all of a range: 10010-10019.")
@click.option(
    "--range", "range_", type=PortRange(), help="One of these ports.  [default: 10000-10150, or what the settings have]"
)
@click.option("--address", default="*", show_default=True, help="The address that it is bound on; * for all.")
@click.option("--protocol", type=click.Choice(["tcp", "udp"]), default="tcp", show_default=True)
@click.option("--ttl", type=Duration(), help="Hold it so long: 90s, 30m, 12h, 7d, 2w.  [default: until released]")
@click.option("--note", default="", help="Why.")
@click.option("--by", "by_whom", help="Who reserves.  [default: the user]")
@click.option("--lb-ports", type=Ports(), default="80,443,9090,9091", show_default=True, help="Taken beforehand.")
@click.option("--listening", type=TextOfFile(), help="What listens on its machines: output of ss -Hlntup, - is stdin.")
@click.option("--live", is_flag=True, help="What listens on this machine: asks ss.")
@storing
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], format_: str, ports_db: str | None, **on_line: Any) -> int:
    """Hold a port for an app, and print it."""
    from lbgen.cli.settings import merged
    from lbgen.config import find
    from lbgen.ports.store import RefusedError, Reservations

    settings = find(Path.cwd())
    given = merged(ctx, on_line, settings)
    if given["port"] is not None and given["range_"] is not None:
        raise UsageError("--port holds what it names and --range one out of several: give one of them")
    bound = given["lb_ports"] if given["protocol"] == "tcp" else ()
    own = dict.fromkeys(bound, "it is the load balancer's own")
    wanted, ports = _wanted(given), _candidates(given, settings.service_ports)
    try:
        claimed = _in_files(paths, {**given, "shared_nodes": settings.shared_nodes}, wanted, given["port"] or ports)
        ordered = sorted(ports, key=lambda port: port not in claimed.mine) if claimed.mine else ports
        store = Reservations(database(ports_db, settings).url)
        found = store.reserve(wanted, ordered, {**claimed.taken, **own})
    except RefusedError as error:
        say(visible(f"lbgen: refused: {error}"))
        if error.help:
            say(visible(f"  = help: {error.help}"))
        return 1
    if format_ == "json":
        tell([found], format_, one=True)
        return 0
    with results() as stream:
        stream.write(f"{found.named_ports}\n")
    return 0


def _in_files(paths: tuple[str, ...], given: Mapping[str, Any], wanted: Wanted, ports: Sequence[int]) -> InFiles:
    """What files claim of the ports; raises UsageError where they cannot all be read."""
    from lbgen.pipeline.reserving import InFiles, in_files, sharing

    listening, listening_from = listening_of(given)
    if not paths and not listening:
        return InFiles()
    from lbgen.cli.telling import tell
    from lbgen.finding import Severity
    from lbgen.pipeline.claims import Claims
    from lbgen.pipeline.options import Options

    shared = tuple(tuple(map(str.strip, names.split(","))) for names in given["shared_nodes"] or ())
    options = Options(
        groups=tuple(sorted(sharing(given["scope"], shared))),
        lb_ports=given["lb_ports"],
        shared_nodes=shared,
        listening=listening,
        listening_from=listening_from,
    )
    claims = Claims(paths, options)
    inputs = claims.inputs
    if inputs.unread or (paths and not inputs.opened):
        told = [finding for finding in inputs.told if finding.severity is Severity.ERROR]
        tell(told, inputs.documents, {"quiet": False, "verbose": False, "color": "auto"})
        raise UsageError("nothing is reserved, since nobody knows what is claimed in a file that cannot be read")
    return in_files(claims, wanted, ports)


def _wanted(given: Mapping[str, Any]) -> Wanted:
    from lbgen.ports.store import Wanted
    from lbgen.ports.store.address import canonical

    refuse_control_characters(given, "scope", "by_whom", "note")
    if given["scope"] in {"", "*"}:
        raise UsageError("--scope is the name of one load-balancer group, or of a pool")
    return Wanted(
        scope=given["scope"],
        holder=given["holder"],
        protocol=given["protocol"],
        address=canonical(given["address"]),
        width=len(given["port"] or (0,)),
        by_whom=given["by_whom"] or _user(),
        ttl=given["ttl"],
        note=given["note"],
        anything=given["port"] is None and given["range_"] is None and given["address"] == "*",
    )


def _candidates(given: Mapping[str, Any], usual: range | None) -> Sequence[int]:
    from lbgen.ports.allocation import candidates

    if given["port"] is not None:
        return [given["port"].start]
    return candidates(given["holder"], given["range_"] or usual or _SERVICE_PORTS)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
