"""What every command shares that writes a haproxy.cfg out of apps: its options, the work, and how it ends."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lbgen.cli.balancer import auto_ports, described, haproxy_config, port_ranges, ssl_certs
from lbgen.cli.options import (
    checking,
    checking_of,
    endpoints,
    refuse_control_characters,
    together,
)
from lbgen.cli.ports_db import ports_db, reserved
from lbgen.cli.streams import put, say
from lbgen.errors import UsageError
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lbgen.pipeline import Inputs, Options
    from lbgen.pipeline.checking import Checked, Checking
    from lbgen.ports.reservation import Reservation

F = TypeVar("F", bound="Callable[..., Any]")

# The path of a map is an argument in brackets, in which nothing can be quoted.
_NOT_IN_MAP = regex(r"""[\s,()'"\\#{}$%\[\]]""")
_EXISTING = click.Path(path_type=Path)


def groups(function: F) -> F:
    """The option that says whom the load balancer serves."""
    return click.option(
        "--group",
        "groups",
        multiple=True,
        default=("external",),
        show_default=True,
        help="Serve apps of this group; * for all. Repeatable.",
    )(function)


def dialect(function: F) -> F:
    """The option that says whose words the configuration is written in."""
    return click.option(
        "--dialect",
        type=click.Choice(["portable", "marathon-lb", "edge-lb"]),
        default="portable",
        show_default=True,
        help="For HAProxy 2.2 to 3.4, or word for word as Marathon-LB, or with --auto-pools as Edge-LB.",
    )(function)


def auto_pools(function: F) -> F:
    """The option that says whose labels count."""
    return click.option(
        "--auto-pools", is_flag=True, help="Serve edgelb.* labels, as Edge-LB's pools; -o DIR/ for several."
    )(function)


def refuse_edge_lb(given: Mapping[str, Any]) -> None:
    """Raises UsageError where Marathon-LB's labels are to be written as Edge-LB does."""
    if given["dialect"] == "edge-lb":
        raise UsageError("--dialect edge-lb goes with --auto-pools; Marathon-LB's labels have marathon-lb")


writing = together(
    click.option("-o", "--output", metavar="FILE", help="Write here, whole or not at all; maps go beside it."),
    click.option("--annotate", is_flag=True, help="End each line with the app and label that it comes from."),
    checking("--check", "none", "Ask HAProxy, and leave out the apps that it refuses."),
    click.option("--haproxy-map", is_flag=True, help="Use map files for plain vhosts."),
    click.option("--group-https-by-vhost", is_flag=True, help="One frontend for each vhost behind port 443."),
    click.option("--dont-bind-http-https", is_flag=True, help="Leave ports 80 and 443 alone."),
    ssl_certs(metavar="FILE,..."),
    click.option("--strict-mode", is_flag=True, help="Serve only ports with HAPROXY_{n}_ENABLED."),
    click.option("-H", "--health-check", is_flag=True, help="Serve only tasks that pass Marathon's checks."),
    auto_ports,
    haproxy_config,
    click.option(
        "--templates", type=_EXISTING, metavar="DIR", help="Templates HAPROXY_<NAME>.  [default: templates, if there]"
    ),
    click.option("--hosts", metavar="FILE", help="JSON, addresses by host name: asked in place of the resolver."),
    click.option("--unsafe-templates", is_flag=True, help="Let labels open sections and say global things."),
    endpoints,
    port_ranges,
    ports_db,
)
"""The options that say what is written, how, and where to."""


def generate(read: Callable[[], Inputs], output: str | None, annotate: bool, given: dict[str, Any]) -> int:
    """Writes the configuration of the apps where it is wanted, and tells what is to be told; returns the exit status.

    `read` gives the apps, once the options are known to go together; raises UsageError where they do not.
    """
    # Everything that is made lives until the end: looking for garbage all along doubles the time of large fleets.
    gc.disable()

    options, checking = options_of(given), checking_of(given)
    apps = read()
    checked = _checked(apps, options, checking)
    _tell(apps, checked, given)
    status = _write(checked, options, None if output is None else Path(output), annotate)
    _end(checked, status, output, quiet=given["quiet"])
    _leave_whole(apps, checked)
    return status


def _leave_whole(*made: object) -> None:
    """Keeps these from being taken apart at the end, which takes an eighth of the time; the system does it at once."""
    kept: list[object] = [*made]
    kept.append(kept)
    gc.freeze()


def options_of(given: dict[str, Any]) -> Options:
    """The load balancer as the options describe it; raises UsageError where they do not go together."""
    from lbgen.pipeline.inputs import read_hosts
    from lbgen.pipeline.options import Options

    refuse_control_characters(given, "ssl_certs")
    fields = described(given, [path.strip() for path in given["ssl_certs"].split(",") if path.strip()])
    if found := _NOT_IN_MAP.search(given["haproxy_config"]):
        raise UsageError(f"--haproxy-config: a path with '{found[0]}' cannot be written where maps are read")
    return Options(
        **{**fields, "templates": fields["templates"] or Path("templates")},
        environ=os.environ,
        hosts=read_hosts(given["hosts"]) if given["hosts"] else None,
        reservations=_reservations(given["ports_db"], given["groups"]),
    )


def _reservations(url: str | None, groups: Sequence[str]) -> tuple[Reservation, ...]:
    from lbgen.config import find

    return reserved(url, find(Path.cwd()), scopes=None if "*" in groups else groups or None)


def _checked(inputs: Inputs, options: Options, checking: Checking | None) -> Checked:
    from lbgen.pipeline.checking import Checked, from_apps_checked
    from lbgen.pipeline.generate import from_apps
    from lbgen.pipeline.reserved import on_ports_of_others

    found = on_ports_of_others(inputs, options)
    # What runs already goes on: it is told, and is for people to sort out.
    without = [each.app.ref for each in found if not each.runs]
    if checking is None:
        checked = Checked(from_apps(inputs, options, without=without), accepted=True)
    else:
        checked = from_apps_checked(inputs, options, checking, without=without)
    checked.findings += [each.finding for each in found]
    return checked


def _tell(inputs: Inputs, checked: Checked, given: dict[str, Any]) -> None:
    from lbgen.cli.telling import tell
    from lbgen.pipeline.checking import told

    for line in () if given["quiet"] else told(checked.tool, checked.supplied, given["target"]):
        say(f"lbgen: {line}")
    tell([*checked.generated.findings, *checked.findings], inputs.documents, given)


def _write(checked: Checked, options: Options, output: Path | None, annotate: bool) -> int:
    """Writes the text where it is wanted and returns the exit status."""
    from lbgen.pipeline.output import annotated, write_files

    rendered = checked.generated.rendered
    if rendered is None or (not checked.accepted and (options.portable or output is not None)):
        return 2
    text = annotated(rendered) if annotate else rendered.text
    if output is None:
        put(text)
        if rendered.maps:
            say("lbgen: the map files are written with -o only, beside the configuration")
    else:
        beside = {output.parent / name: map_text for name, map_text in rendered.maps.items()}
        write_files({**beside, output: text})
    others = any(finding.rule == "port-reserved" for finding in checked.findings)
    return 1 if checked.generated.left_out or others or not checked.accepted else 0


def _end(checked: Checked, status: int, output: str | None, *, quiet: bool) -> None:
    from lbgen.cli.ending import counted, end

    refused = not checked.accepted and checked.generated.rendered is not None
    done = ["HAProxy refuses the configuration"] if refused else []
    if status == 2:
        done.append("nothing is written" if output is None else f"nothing is written to {output}")
    else:
        done.append(counted(len({service.app for service in checked.generated.services}), "app", "served"))
        done += [f"{output} is written"] if output is not None else []
    names = checked.generated.names_left_out
    end(names, len(names), done, complete=status == 0, to_file=output is not None, quiet=quiet)
