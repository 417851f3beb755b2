"""`lbgen emulate`: a load balancer to try, for apps and pools that are nowhere deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from lbgen.cli import from_app
from lbgen.cli.generating import options_of
from lbgen.cli.options import checking, checking_of, stdin_filename, telling_as

if TYPE_CHECKING:
    from lbgen.emulate.reading import Wanted

_EPILOG = """Exit status: 0 everything was served until the end, 1 an app or a pool was left out, or with --once
something answered otherwise than foretold, 2 nothing could be served.

PATH is what `lbgen haproxy from-app` and `from-pool` read: apps, replies of Marathon, pools, directories. HAProxy is
told to listen on 127.0.0.1 only, and every server is played by a stand-in that answers who it is, as text, or as JSON
with the header "Accept: application/json". Nothing is left when it ends."""
_GENERATION = frozenset(
    (
        "groups",
        "haproxy_map",
        "group_https_by_vhost",
        "dont_bind_http_https",
        "ssl_certs",
        "strict_mode",
        "health_check",
        "min_serv_port_ip_per_task",
        "max_serv_port_ip_per_task",
        "templates",
        "hosts",
        "unsafe_templates",
        "service_ports",
        "lb_ports",
        "ports_db",
    )
)


class Duration(click.ParamType[float]):
    """A time, as in 90, 90s or 5m."""

    name = "duration"
    _UNITS = {"s": 1, "m": 60, "h": 3600}  # noqa: RUF012 - click's types have no fields

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The time in seconds."""
        if isinstance(value, int | float):
            return float(value)
        text = str(value)
        number, unit = (text[:-1], text[-1]) if text[-1:] in self._UNITS else (text, "s")
        try:
            seconds = float(number) * self._UNITS[unit]
        except ValueError:
            seconds = -1.0
        if not 0 < seconds < 1e9:
            self.fail(f"{value!r} is no time, such as 90, 90s or 5m", param, ctx)
        return seconds


@click.command(epilog=_EPILOG)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@checking("--how", "auto", "What runs HAProxy: a binary of this machine, or a container.")
@click.option("--publish", is_flag=True, help="Listen on all addresses: other machines may try it too.")
@click.option("--once", is_flag=True, help="Try everything once, tell what answers, and end.")
@click.option("--for", "seconds", type=Duration(), help="End after this time, as in 90s or 5m.")
@click.option(
    "--tasks", multiple=True, metavar="FILE", help="Tasks of Marathon or Mesos, in place of planned ones. Repeatable."
)
@click.option("--auto-pools", is_flag=True, help="Serve the pools that Edge-LB makes of edgelb.* labels.")
@stdin_filename
@telling_as(
    "Do not tell of requests; tell errors and warnings only.",
    "Print all that there is to try, however much, and tell every finding.",
    "Colours on both streams.",
)
def command(paths: tuple[str, ...], **given: Any) -> int:
    """Run a load balancer for apps or pools on this machine, with a stand-in for every task, and tell what to try.

    Each request is told on standard error, with the app and the label that it was served by. Edits of the files are
    served as soon as they are saved.
    """
    from lbgen.cli.emulating import run

    return run(_wanted(paths, given), given)


command.params[-3:-3] = [each for each in from_app.command.params if each.name in _GENERATION]


def _wanted(paths: tuple[str, ...], given: dict[str, Any]) -> Wanted:
    import sys

    from lbgen.emulate.reading import Wanted
    from lbgen.pipeline.pools import PoolOptions

    chosen = checking_of(given, "--how")
    assert chosen is not None  # there is no such choice here  # noqa: S101
    fixed = {"dialect": "portable", "haproxy_config": "/etc/haproxy/haproxy.cfg", "lua_dir": None, "stats_socket": None}
    options = options_of({**given, **fixed})
    pool_options = PoolOptions(target=given["target"], reservations=options.reservations)
    return Wanted(
        paths=paths,
        tasks=given["tasks"],
        options=options,
        pool_options=pool_options,
        checking=chosen,
        stdin_name=given["stdin_filename"],
        stdin=sys.stdin.buffer.read() if "-" in paths and sys.stdin else None,
        auto_pools=given["auto_pools"],
    )
