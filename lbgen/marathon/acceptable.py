"""Values that no HAProxy accepts: one of them would take the configuration from everybody."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.model.service import Service


class Refusal(NamedTuple):
    """A value that HAProxy refuses: the finding it makes, and the label, or else the field, that holds it."""

    rule: str
    label: str
    message: str
    help: str = ""
    field: str = ""


_ALGORITHMS = frozenset(
    {"roundrobin", "static-rr", "leastconn", "first", "source", "uri", "url_param", "random", "rdp-cookie", "hash"}
)
_ALGORITHM = re.compile(r"(?:hdr|rdp-cookie|random)\([^)]*\)")
_MODES = frozenset({"http", "tcp"})
_WITH_PORT = re.compile(r"[^:@\[\]]+:\d+")
# HAProxy also takes 10.1 for 10.0.0.1, and resolves names when it starts.
_SHORT = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,2}(?:/(?:[12]?\d|3[0-2]))?")
_NAME = re.compile(r"(?:[A-Za-z0-9_-]+\.)+[A-Za-z][A-Za-z0-9-]*\.?(?:/(?:[12]?\d|3[0-2]))?")


def refusals(service: Service) -> Iterator[Refusal]:
    """What HAProxy would refuse of the service's values."""
    yield from _port_and_mode(service)
    if (algorithm := service.balance.split()) and not _known(algorithm[0]):
        message = f'"{algorithm[0]:.60}" is no balance algorithm of HAProxy'
        yield Refusal("bad-balance", "BALANCE", message, f"there are {', '.join(sorted(_ALGORITHMS))} and hdr(name)")
    yield from _addresses(service)
    if service.auth is not None and (problem := _auth_problem(service.auth.user, service.auth.password)):
        yield Refusal("bad-auth", "AUTH", problem)
    yield from _check_path(service)


def _port_and_mode(service: Service) -> Iterator[Refusal]:
    if not 1 <= service.port <= 65535:
        yield Refusal("bad-port", "PORT", f"{service.port} is no port: ports are 1 to 65535")
    if service.mode not in _MODES:
        yield Refusal("bad-mode", "MODE", f'"{service.mode:.60}" is no mode: there are http and tcp')


def _known(algorithm: str) -> bool:
    return algorithm in _ALGORITHMS or _ALGORITHM.fullmatch(algorithm) is not None


def _addresses(service: Service) -> Iterator[Refusal]:
    last = service.bind_addr.rpartition(",")[2]
    if _WITH_PORT.fullmatch(last):
        message = f'"{last:.60}" holds a port, and the service port is put behind it'
        yield Refusal("bad-bind-address", "BIND_ADDR", message, "HAPROXY_{n}_PORT chooses another service port")
    for word in (service.network_allowed or "").split():
        if not word.startswith("-") and not _is_network(word):
            yield Refusal("bad-network", "BACKEND_NETWORK_ALLOWED_ACL", f'"{word:.60}" is no address and no network')


def _is_network(word: str) -> bool:
    if _SHORT.fullmatch(word) or _NAME.fullmatch(word):
        return True
    try:
        ip_network(word, strict=False)
    except ValueError:
        return False
    return True


def _auth_problem(user: str, password: str) -> str | None:
    if not user:
        return "names no user: nobody could log in"
    if user.split() != [user]:
        return "has a user with a blank in the name"
    return "has a password hash with a blank" if password and password.split() != [password] else None


def _check_path(service: Service) -> Iterator[Refusal]:
    if service.check is None or service.mode != "http":
        return
    path = str(service.check.raw.get("path") or "")
    if path.split() not in ([], [path]):
        message = f'has a health check whose path has a blank: "{path:.60}"'
        yield Refusal("bad-health-check", "", message, field=f"{service.check.pointer}/path")
