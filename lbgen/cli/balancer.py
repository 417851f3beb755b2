"""The load balancer that commands are told of, in the words that they share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.options import PortRange, Ports, refuse_control_characters, together
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CERTIFICATE = "/etc/ssl/cert.pem"
_PORT = click.IntRange(0, 65535)

ssl_certs = partial(
    click.option, "--ssl-certs", default=_CERTIFICATE, show_default=True, help="Certificates of port 443."
)
"""The option that names certificates, given its type or how its value is called."""
auto_ports = together(
    click.option(
        "--min-serv-port-ip-per-task",
        type=_PORT,
        default=10050,
        show_default=True,
        help="First port for IP-per-task apps without one.",
    ),
    click.option(
        "--max-serv-port-ip-per-task",
        type=_PORT,
        default=10100,
        show_default=True,
        help="Last one; both 0: none.",
    ),
)
haproxy_config = click.option(
    "--haproxy-config",
    default="/etc/haproxy/haproxy.cfg",
    show_default=True,
    metavar="PATH",
    help="Where the file will live; maps beside it.",
)
port_ranges = together(
    click.option(
        "--service-ports",
        type=PortRange(),
        default="10000-10150",
        show_default=True,
        help="Where Marathon takes free service ports.",
    ),
    click.option(
        "--lb-ports", type=Ports(), default="80,443,9090,9091", show_default=True, help="The load balancer's own ports."
    ),
)


def described(given: Mapping[str, Any], ssl_certs: Sequence[str]) -> dict[str, Any]:
    """Fields of `Options` by name; raises UsageError where the options given do not go together."""
    templates = given["templates"]
    if templates is not None and not templates.is_dir():
        raise UsageError(f"--templates: {templates} is no directory")
    refuse_control_characters(given, "lua_dir", "stats_socket", "haproxy_config")
    alike = (
        "dialect",
        "target",
        "groups",
        "strict_mode",
        "health_check",
        "haproxy_map",
        "haproxy_config",
        "group_https_by_vhost",
        "unsafe_templates",
        "lua_dir",
        "stats_socket",
        "templates",
        "service_ports",
        "lb_ports",
    )
    return {
        **{name: given[name] for name in alike},
        "bind_http_https": not given["dont_bind_http_https"],
        "ssl_certs": tuple(ssl_certs) or (_CERTIFICATE,),
        "auto_ports": _auto_ports(given["min_serv_port_ip_per_task"], given["max_serv_port_ip_per_task"]),
    }


def _auto_ports(first: int, last: int) -> tuple[int, int]:
    if bool(first) != bool(last) or first > last:
        sentence = "needs the lower port first, or 0 for both"
        raise UsageError(f"--min-serv-port-ip-per-task {first} --max-serv-port-ip-per-task {last} {sentence}")
    return first, last
