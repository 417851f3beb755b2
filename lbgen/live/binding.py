"""Which addresses that a new configuration listens on are somebody else's.

HAProxy finds out only when it is reloaded, and then it stops listening everywhere while it tries again and again.
"""

from __future__ import annotations

import errno
import re
import socket
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import NamedTuple

_LINE = re.compile(
    r"^(?:frontend|listen)[ \t]+(?P<section>\S+)|^[ \t]+bind[ \t]+(?P<bind>\S+)(?P<words>[^\n#]*)", re.MULTILINE
)
_ADDRESS = re.compile(r"(?:ipv[46]@|tcp[46]?@)?(?P<host>[^@/]*):(?P<port>\d{1,5})")
# With these HAProxy listens where others do, or where nobody else could.
_APART = frozenset({"transparent", "interface", "namespace"})
_TELLING = {errno.EADDRINUSE, errno.EADDRNOTAVAIL}


class Taken(NamedTuple):
    """An address that cannot be listened on: in which section it stands, and why it cannot."""

    section: str
    address: str
    why: str

    def __str__(self) -> str:
        return f"{self.section} cannot bind {self.address}: {self.why}"


def taken(old: str, new: str) -> list[Taken]:
    """The addresses of the new configuration that the old one does not have, and that cannot be listened on."""
    had = {address for _, address in _binds(old)}
    found = []
    for section, address in _binds(new):
        if address not in had and (why := _refusal(address)):
            found.append(Taken(section, address, why))
    return found


def _binds(text: str) -> list[tuple[str, str]]:
    """Sections and addresses of all bind lines whose addresses can be tried."""
    found, section = [], ""
    for line in _LINE.finditer(text):
        if line["section"]:
            section = line["section"]
        elif _APART.isdisjoint(line["words"].split()):
            found += [(section, address) for address in line["bind"].split(",")]
    return found


def _refusal(address: str) -> str:
    """Why the system lets nobody listen there, or nothing where it does, or where it cannot be told."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return ""
    host = match["host"].strip("[]")
    with suppress(ValueError, OverflowError):
        place = ip_address("0.0.0.0" if host in {"", "*"} else host)  # noqa: S104 - what the configuration says
        family = socket.AF_INET6 if isinstance(place, IPv6Address) else socket.AF_INET
        return _tried(family, str(place), int(match["port"]))
    return ""


def _tried(family: socket.AddressFamily, host: str, port: int) -> str:
    try:
        with socket.socket(family) as tried:
            # As HAProxy does, whose workers listen side by side during a reload.
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            # It does not listen: whoever connects meanwhile belongs to somebody else.
            tried.bind((host, port))
    except OSError as error:
        return (error.strerror or str(error)) if error.errno in _TELLING else ""
    return ""
