"""Everything that an operator may say about a generated configuration."""

from __future__ import annotations

import posixpath
from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lbgen.ports.reservation import Reservation

PORTABLE, MARATHON_LB = "portable", "marathon-lb"
DEFAULT_TARGET = "3.2"
DEFAULT_OPTIONS = "redispatch,http-server-close,dontlognull"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is served, how the file is written, and where it will live; names and defaults are Marathon-LB's.

    `state_dir` is where HAProxy finds at its start what its servers were like before, where somebody writes that there.
    Through `status_socket` a live lbgen is asked to do something, from this machine, or with `compat_endpoints` by
    everybody who reaches port 9090.
    `hosts` answers for the resolver where given; `environ` is read for templates and `HAPROXY_GLOBAL_DEFAULT_OPTIONS`.
    `service_ports` is the range out of which Marathon chooses ports, `lb_ports` are the load balancer's own, and
    `lb_addresses` its addresses, where they are known. Each of `shared_nodes` names groups, pools and files that run on
    the same machines, and `public_agents` is how many agents there are for load balancers, None where nobody knows.
    `listening` is what `ss -Hlntu` says on these, and `listening_from` what that is called. `reservations` are ports
    that are held for somebody.
    """

    dialect: str = PORTABLE
    target: str = DEFAULT_TARGET
    groups: tuple[str, ...] = ("external",)
    strict_mode: bool = False
    health_check: bool = False
    haproxy_map: bool = False
    haproxy_config: str = "/etc/haproxy/haproxy.cfg"
    bind_http_https: bool = True
    group_https_by_vhost: bool = False
    ssl_certs: tuple[str, ...] = ("/etc/ssl/cert.pem",)
    auto_ports: tuple[int, int] = (10050, 10100)
    unsafe_templates: bool = False
    lua_dir: str | None = None
    stats_socket: str | None = None
    status_socket: str | None = None
    compat_endpoints: bool = False
    state_dir: str | None = None
    templates: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    hosts: Mapping[str, str] | None = None
    service_ports: range = range(10000, 10151)
    lb_ports: tuple[int, ...] = (80, 443, 9090, 9091)
    lb_addresses: tuple[str, ...] = ()
    shared_nodes: tuple[tuple[str, ...], ...] = ()
    public_agents: int | None = None
    listening: str = ""
    listening_from: str = "--listening"
    reservations: tuple[Reservation, ...] = ()

    @property
    def haproxy_dir(self) -> str:
        """Where HAProxy looks for the maps; of a bare file name Marathon-LB makes the root of the machine."""
        return posixpath.dirname(self.haproxy_config) or ("." if self.portable else "")

    @property
    def portable(self) -> bool:
        """Whether the text is for every HAProxy of today."""
        return self.dialect == PORTABLE
