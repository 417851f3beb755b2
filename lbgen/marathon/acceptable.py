"""Values that no HAProxy accepts: one of them would take the configuration from everybody."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, NamedTuple

from lbgen.haproxy import balance
from lbgen.haproxy.words import read_line
from lbgen.marathon.templates import TEMPLATES
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.model.service import HealthCheck, Service


class Refusal(NamedTuple):
    """A value that HAProxy refuses: the finding it makes, and the label, or else the field, that holds it."""

    rule: str
    label: str
    message: str
    help: str = ""
    field: str = ""


class Number(NamedTuple):
    """A number of a health check, and the range that it should be in."""

    name: str
    value: int
    least: int
    most: int


# What is refused here is refused by every HAProxy.
_NEWEST = (3, 4)
_MODES = frozenset({"http", "tcp"})
# An address, a name, or * for all; no port, no socket of another kind, nothing behind a blank.
_ADDRESS = r"(?:\*|(?:ipv[46]@)?(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f:.]*::[0-9A-Fa-f:.]*|))"
_BIND_ADDRESS = regex(_ADDRESS)
_WITH_PORT = regex(rf"{_ADDRESS}:[0-9]{{1,5}}")
# HAProxy also takes 10.1 for 10.0.0.1, and resolves names when it starts.
_SHORT = regex(r"\d{1,3}(?:\.\d{1,3}){0,2}(?:/(?:[12]?\d|3[0-2]))?")
_NAME = regex(r"(?:[A-Za-z0-9_-]+\.)+[A-Za-z][A-Za-z0-9-]*\.?(?:/(?:[12]?\d|3[0-2]))?")


def refusals(service: Service) -> Iterator[Refusal]:
    """What HAProxy would refuse of the service's values."""
    yield from _port_and_mode(service)
    if service.balance.split() and (problem := balance.problem_of(service.balance, _NEWEST)):
        yield Refusal("bad-balance", "BALANCE", problem, f"there are {', '.join(balance.algorithms(_NEWEST))}")
    yield from _addresses(service)
    if service.auth is not None and (problem := _auth_problem(service.auth.user, service.auth.password)):
        yield Refusal("bad-auth", "AUTH", problem)
    yield from _check(service)
    yield from _overrides(service)


def _port_and_mode(service: Service) -> Iterator[Refusal]:
    if not 1 <= service.port <= 65535:
        yield Refusal("bad-port", "PORT", f"{service.port} is no port: ports are 1 to 65535")
    if service.mode not in _MODES:
        yield Refusal("bad-mode", "MODE", f'"{service.mode:.60}" is no mode: there are http and tcp')


def _addresses(service: Service) -> Iterator[Refusal]:
    if bad := bad_bind_addresses(service.bind_addr):
        message = f'"{service.bind_addr[bad[0]]:.60}" is no address that the service port can be put behind'
        yield Refusal("bad-bind-address", "BIND_ADDR", message, "HAPROXY_{n}_PORT chooses another service port")
    for word in (service.network_allowed or "").split():
        if not word.startswith("-") and not is_network(word):
            yield Refusal("bad-network", "BACKEND_NETWORK_ALLOWED_ACL", f'"{word:.60}" is no address and no network')


def bad_bind_addresses(text: str) -> list[slice]:
    """Where in a list of addresses those are that the service port cannot be put behind: it follows the last one.

    In front of a comma an address has a port already.
    """
    bad, start = [], 0
    for part in text.split(","):
        end = start + len(part)
        wanted = _BIND_ADDRESS if end == len(text) else _WITH_PORT
        if not wanted.fullmatch(part):
            bad.append(slice(start, end))
        start = end + 1
    return bad


def is_network(word: str) -> bool:
    """Whether HAProxy takes the word for an address, a network, or a name that it resolves when it starts."""
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


_MOST_SECONDS = 2_000_000
"""HAProxy counts milliseconds in 31 bits."""
# The least and the most that HAProxy takes; it counts one failure more than Marathon.
_NUMBERS = {
    "port": (0, 65535),
    "timeoutSeconds": (0, _MOST_SECONDS),
    "intervalSeconds": (1, _MOST_SECONDS),
    "maxConsecutiveFailures": (0, 2**31 - 2),
}


def _check(service: Service) -> Iterator[Refusal]:
    if service.check is None:
        return
    raw, pointer = service.check.raw, service.check.pointer
    path = str(raw.get("path") or "")
    if service.mode == "http" and path.split() not in ([], [path]):
        message = f'has a health check whose path has a blank: "{path:.60}"'
        yield Refusal("bad-health-check", "", message, field=f"{pointer}/path")
    for number in refused_numbers(service.check):
        message = f"has a health check whose {number.name} HAProxy refuses: {number.value:.12g}"
        help_ = f"HAProxy takes {number.least} to {number.most:,}"
        yield Refusal("bad-health-check", "", message, help_, f"{pointer}/{number.name}")


def refused_numbers(check: HealthCheck) -> Iterator[Number]:
    """The numbers of a health check that HAProxy would refuse."""
    for name, (least, most) in _NUMBERS.items():
        value = check.raw.get(name)
        if value is not None and not least <= value <= most:
            yield Number(name, value, least, most)


def _overrides(service: Service) -> Iterator[Refusal]:
    for name, text in service.overrides.items():
        written = text.replace("{{", "{").replace("}}", "}") if TEMPLATES[name].substituted else text
        for line in written.split("\n"):
            if ("'" in line or '"' in line or "\\" in line) and (error := read_line(line).error):
                yield Refusal(
                    "bad-template", name, f'has a line that HAProxy cannot read: {error.reason}: "{line:.60}"'
                )
                break
