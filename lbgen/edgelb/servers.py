"""Servers of a pool: what they are called, where they are, and what their lines say."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, NamedTuple

from lbgen.edgelb.checks.texts import is_address
from lbgen.edgelb.spelling import spelled

if TYPE_CHECKING:
    from lbgen.edgelb.pool import Backend, Service

AGENT, CONTAINER, ADDRESS = "agentip", "containerip", "address"


class Server(NamedTuple):
    """A server; `kind` says whose address it is: the agent's, the container's, or one that the pool names."""

    kind: str
    host: str
    port: int


def name_of(server: Server, service: Service) -> str:
    """The name of the server's line."""
    if not service.vip:
        return f"{server.kind}_{server.host}_{server.port}"
    host, _, port = service.vip.rpartition(":")
    return f"vip_{(host if port.isdecimal() else service.vip).replace('/', '-_')}_{server.port}"


def options_of(server: Server, service: Service, backend: Backend, *, portable: bool) -> str:
    """What stands behind the address, with a blank in front of each option."""
    endpoint, options = service.endpoint, []
    if endpoint.check:
        options += ["check", endpoint.check_extra]
    if backend.protocol == "HTTPS":
        options.append("ssl verify none")
    if _has_cookie(backend, portable=portable):
        options.append(f"cookie {b64encode(name_of(server, service).encode()).decode()}")
    if server.kind == ADDRESS and not is_address(server.host):
        options.append("resolvers default_resolvers")
    options.append(endpoint.misc)
    return "".join(f" {option.strip()}" for option in options if option.strip())


def _has_cookie(backend: Backend, *, portable: bool) -> bool:
    """Edge-LB gives servers a cookie even where stickiness is turned off; it does nothing then."""
    rewrite = backend.rewrite
    if rewrite is None or rewrite.sticky is None or not backend.http:
        return False
    return rewrite.sticky_enabled or not portable


def address_of(server: Server, *, portable: bool) -> str:
    """The address as it stands in front of the port."""
    return f"[{server.host}]" if portable and ":" in server.host else spelled(server.host)
