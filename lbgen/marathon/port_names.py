"""Names of ports: what those go by who do not count them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.marathon import network

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT = ("default",)
"""The one port that Marathon gives to an app on the host or a bridge that says nothing of ports, by its name."""


def port_names(fields: Mapping[str, Any]) -> tuple[str | None, ...]:
    """The names of a task's ports, in the order in which a task lists them; None for a port without a name."""
    networking = network.mode(fields)
    mapped = network.mappings(fields)
    defined = fields.get("portDefinitions")
    if networking == network.HOST and (defined is not None or "ports" in fields):
        return _names(defined) if defined is not None else (None,) * len(fields["ports"])
    if mapped:
        return _names(mapped)
    if networking == network.CONTAINER:
        return _names(((fields.get("ipAddress") or {}).get("discovery") or {}).get("ports") or [])
    return () if "portMappings" in (fields.get("container") or {}) else DEFAULT


def _names(ports: Sequence[Mapping[str, Any]]) -> tuple[str | None, ...]:
    found = (port.get("name") for port in ports)
    return tuple(name if isinstance(name, str) and name else None for name in found)
