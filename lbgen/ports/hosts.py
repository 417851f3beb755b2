"""Claims of apps on the agents that run them: fixed ports of their own, on the host's network or on a bridge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.marathon import network
from lbgen.ports.address import ANY_IPV4, MOST, Ports, Protocol
from lbgen.ports.claim import Claim, Kind
from lbgen.ports.pinned import host_of_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lbgen.marathon.apps import MarathonApp

PUBLIC, ANY_ROLE = "slave_public", "*"
"""Roles of agents: those of the first are where load balancers run."""


def host_claims(app: MarathonApp, node: Callable[[str, str | None], str]) -> Iterator[Claim]:
    """The ports that a task of the app must have on its agent.

    `node` gives the machines of agents of a role, and of the one host on which constraints keep the app, if they do.
    Mesos gives a port of an agent away once, so that such apps never clash with each other where there are several.
    """
    if app.tasks == [] or app.fields.get("instances") == 0:
        return
    host = host_of_app(app)
    where = node(role(app), host)
    for pointer, port, protocols in _required(app):
        for protocol in protocols if 1 <= port <= MOST else ():
            yield Claim(
                node=where,
                address=ANY_IPV4,
                ports=Ports(port, port),
                owner=app.ref.written,
                how="a port that its tasks must have on their agents",
                kind=Kind.HOST_APP,
                protocol=protocol,
                section=f"agents {where}" if host is None else f"{app.ref.document} {app.ref.pointer}",
                origins=(app.ref.because(pointer).origin(),),
            )


def role(app: MarathonApp) -> str:
    """The role of the agents that the app runs on, as far as load balancers are concerned."""
    roles = app.fields.get("acceptedResourceRoles")
    return PUBLIC if isinstance(roles, list) and PUBLIC in roles else ANY_ROLE


def _required(app: MarathonApp) -> Iterator[tuple[str, int, list[Protocol]]]:
    networking = network.mode(app.fields)
    if networking == network.HOST and app.fields.get("requirePorts") is True:
        pointers = network.service_port_pointers(app.fields, networking)
        definitions = app.fields.get("portDefinitions")
        for pointer, port in zip(pointers, network.service_ports(app.fields, networking), strict=True):
            entry = definitions[int(pointer.split("/")[1])] if definitions is not None else {}
            yield pointer, port, _protocols(entry)
    if networking == network.BRIDGE:
        both = zip(network.mapping_pointers(app.fields), network.mappings(app.fields), strict=True)
        for pointer, mapping in both:
            yield f"{pointer}/hostPort", mapping.get("hostPort") or 0, _protocols(mapping)


def _protocols(entry: Any) -> list[Protocol]:
    said = entry.get("protocol")
    words = said.lower().split(",") if isinstance(said, str) else ["tcp"]
    return [protocol for protocol in Protocol if protocol in words]
