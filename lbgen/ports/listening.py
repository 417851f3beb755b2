"""What listens on a machine now, out of the output of `ss -Hlntu`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.ports.address import ANY, ANY_IPV4, Protocol, read_addresses
from lbgen.regex import regex

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


_PROCESS = regex(r'users:\(\("(?P<name>[^"]*)"')
_LOCAL = regex(r"(?P<host>.*?)(?:%(?P<interface>[^\]:]+))?(?P<close>\]?):(?P<port>\d+)")
_PROTOCOLS = {"tcp": Protocol.TCP, "udp": Protocol.UDP}
_STATES = {"LISTEN": Protocol.TCP, "UNCONN": Protocol.UDP}


def read_listening(text: str) -> list[Listener]:
    """The sockets of the output of `ss -lntu`, with `-H` and `-p` or without; other lines are passed over."""
    return list(_listeners(text))


def _listeners(text: str) -> Iterator[Listener]:
    for line in text.splitlines():
        words = line.split()
        # With one protocol alone, as of `-t`, there is no column for it.
        protocol = _PROTOCOLS.get(words.pop(0)) if words[:1] and words[0] in _PROTOCOLS else None
        open_for = _STATES.get(words[0]) if words else None
        match = _LOCAL.fullmatch(words[3]) if open_for is not None and len(words) > 3 else None
        if open_for is None or match is None:
            continue
        process = _PROCESS.search(line)
        host = match["host"] + match["close"]
        address, ports = _read(host, match["port"])
        if ports is not None:
            yield Listener(
                address, ports, protocol or open_for, process["name"] if process else "", match["interface"] or ""
            )


def _read(host: str, port: str) -> tuple[Address, Ports | None]:
    found = next(read_addresses(f"{host}:{port}", v6only=host == "[::]"), None)
    if found is None:
        return ANY_IPV4, None
    # What takes both kinds of connections has a star, what takes those of IPv4 alone has four numbers.
    return ANY if host == "*" else found.address, found.ports
