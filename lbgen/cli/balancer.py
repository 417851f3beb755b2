"""The load balancer that commands are told of, in the words that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.cli.options import refuse_control_characters
from lbgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_CERTIFICATE = "/etc/ssl/cert.pem"


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
