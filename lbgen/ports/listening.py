"""What listens on a machine now, out of the output of `ss -Hlntu`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lbgen.ports.address import ANY, ANY_IPV4, Protocol, read_addresses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.ports.address import Address, Ports


@dataclass(frozen=True, slots=True)
class Listener:
    """An open socket; `process` is empty where `ss` was not asked for it (`-p`), or was not told."""

    address: Address
    ports: Ports
    protocol: Protocol
    process: str = ""
    interface: str = ""


_PROCESS = re.compile(r'users:\(\("(?P<name>[^"]*)"')
_LOCAL = re.compile(r"(?P<host>.*?)(?:%(?P<interface>[^\]:]+))?(?P<close>\]?):(?P<port>\d+)")
_PROTOCOLS = {"tcp": Protocol.TCP, "udp": Protocol.UDP}


def read_listening(text: str) -> list[Listener]:
    """The sockets of the output of `ss -lntu`, with `-H` and `-p` or without; other lines are passed over."""
    return list(_listeners(text))


def _listeners(text: str) -> Iterator[Listener]:
    for line in text.splitlines():
        words = line.split()
        protocol = _PROTOCOLS.get(words[0]) if words else None
        # With one protocol alone, as of `-t`, there is no column for it.
        local = words[4:5] if protocol is not None else words[3:4]
        match = _LOCAL.fullmatch(local[0]) if local else None
        if match is None or (protocol is None and words[0] not in {"LISTEN", "UNCONN"}):
            continue
        protocol = protocol or (Protocol.TCP if words[0] == "LISTEN" else Protocol.UDP)
        process = _PROCESS.search(line)
        host = match["host"] + match["close"]
        address, ports = _read(host, match["port"])
        if ports is not None:
            yield Listener(address, ports, protocol, process["name"] if process else "", match["interface"] or "")


def _read(host: str, port: str) -> tuple[Address, Ports | None]:
    found = next(read_addresses(f"{host}:{port}", v6only=host == "[::]"), None)
    if found is None:
        return ANY_IPV4, None
    # What takes both kinds of connections has a star, what takes those of IPv4 alone has four numbers.
    return ANY if host == "*" else found.address, found.ports
