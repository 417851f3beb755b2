"""What shows or steers the load balancer itself, and what keeps visitors from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.haproxy.addresses import is_loopback

if TYPE_CHECKING:
    from lbgen.haproxy.parse import Directive

_SHOWS = frozenset({"enable", "uri", "admin", "auth", "realm", "refresh", "show-node", "show-legends", "show-desc"})
_ASKS = frozenset({"auth", "deny", "reject", "tarpit", "silent-drop"})


def control_of(directive: Directive) -> str:
    """What the directive shows to those who reach its section: its statistics, metrics or configuration, or nothing."""
    if directive.keyword not in {"stats", "http-request"}:
        return ""
    values = directive.values
    if directive.keyword == "stats" and _SHOWS & set(values[:1]):
        return "statistics"
    if directive.keyword != "http-request" or values[:1] != ("use-service",):
        return ""
    service = "".join(values[1:2])
    if service.startswith(("lua.get", "lua.signal")):
        return "configuration"
    return "metrics" if service == "prometheus-exporter" else ""


def guards(directive: Directive) -> bool:
    """Whether the directive turns some visitors of its section away."""
    if directive.keyword not in {"stats", "http-request", "tcp-request"}:
        return False
    values = directive.values
    if directive.keyword == "stats":
        return values[:1] == ("auth",) or (values[:1] == ("http-request",) and bool(_ASKS & set(values[1:2])))
    if directive.keyword == "http-request":
        return bool(_ASKS & set(values[:1]))
    return directive.keyword == "tcp-request" and "reject" in values[:2]


def is_open(addresses: tuple[str, ...]) -> bool:
    """Whether other machines get to one of these lists of addresses."""
    return any(not is_loopback(address) for each in addresses for address in each.split(","))
