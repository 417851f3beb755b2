"""What rules may know of the load balancer that everything is for."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.ports.listening import Listener, Unread
    from lbgen.ports.reservation import Reservation
    from lbgen.render.templates import Replacement


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The load balancer, as its operator's options describe it.

    `groups` are those that are served, empty for all that occur; `target` is a version of HAProxy, as in "3.2".
    `templates` are those that the operator put in place of built-in ones, by name. `listening` are the sockets that are
    open on its machines now, `not_listening` what should tell of one and does not, `reservations` the ports that are
    held for somebody. The rest is as in `lbgen.pipeline.options.Options`.
    """

    portable: bool = True
    target: str = "3.2"
    groups: tuple[str, ...] = ()
    service_ports: range = range(10000, 10151)
    lb_ports: tuple[int, ...] = (80, 443, 9090, 9091)
    auto_ports: tuple[int, int] = (10050, 10100)
    haproxy_map: bool = False
    bind_http_https: bool = True
    group_https_by_vhost: bool = False
    ssl_certs: tuple[str, ...] = ("/etc/ssl/cert.pem",)
    unsafe_templates: bool = False
    templates: Mapping[str, Replacement] = field(default_factory=dict)
    lb_addresses: tuple[str, ...] = ()
    shared_nodes: tuple[tuple[str, ...], ...] = ()
    public_agents: int | None = None
    listening: tuple[Listener, ...] = ()
    not_listening: tuple[Unread, ...] = ()
    reservations: tuple[Reservation, ...] = ()

    @property
    def version(self) -> tuple[int, int]:
        """The target as numbers that compare."""
        major, _, minor = self.target.partition(".")
        return int(major), int(minor)
