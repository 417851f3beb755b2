"""Options that say how the configuration of a pool is written, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.options import PortRange, refuse_control_characters, together
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.pipeline.pools import PoolOptions

dialect = click.option(
    "--dialect",
    type=click.Choice(["portable", "edge-lb"]),
    default="portable",
    show_default=True,
    help="For HAProxy 2.2 to 3.4, or word for word as Edge-LB.",
)


pool_writing = together(
    click.option(
        "--https-host",
        type=click.Choice(["sni", "host"]),
        default="sni",
        show_default=True,
        help="What HTTPS frontends choose by: the TLS handshake, or the Host header.",
    ),
    click.option(
        "--nameserver",
        "nameservers",
        multiple=True,
        metavar="ADDRESS:PORT",
        help="Asked for addresses of servers. Repeatable.  [default: those of /etc/resolv.conf]",
    ),
    click.option(
        "--dynamic-ports",
        type=PortRange(),
        default="1025-2180",
        show_default=True,
        help="Where ports are planned that a pool leaves to run time.",
    ),
)
"""The options of what a pool's frontends listen on and choose by, and of who tells addresses of servers."""


def pool_options(given: Mapping[str, Any], **more: Any) -> PoolOptions:
    """What these options say, and the ways to watch a load balancer; raises UsageError where one makes no sense."""
    from lbgen.edgelb.checks.texts import is_host
    from lbgen.pipeline.pools import PoolOptions

    refuse_control_characters(given, "lua_dir", "stats_socket")
    for nameserver in given["nameservers"]:
        host, _, port = nameserver.rpartition(":")
        if not is_host(host.strip("[]")) or not _is_port(port):
            raise UsageError(f"--nameserver: {nameserver} is no address and port, such as 198.51.100.1:53")
    names = ("dialect", "target", "lua_dir", "stats_socket", "nameservers", "https_host", "dynamic_ports")
    return PoolOptions(**{name: given[name] for name in names}, **more)


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5 and 0 < int(text) <= 65535
