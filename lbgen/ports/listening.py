"""What listens on a machine now, out of the output of `ss -Hlntu`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.origin import Origin, Position
from lbgen.ports.address import ANY, ANY_IPV4, Protocol, read_addresses
from lbgen.regex import regex

if TYPE_CHECKING:
    from lbgen.ports.address import Address, Ports


@dataclass(frozen=True, slots=True)
class Listener:
    """An open socket; `process` is empty where `ss` was not asked for it (`-p`), or was not told."""

    address: Address
    ports: Ports
    protocol: Protocol
    origin: Origin
    process: str = ""
    interface: str = ""


class Unread(NamedTuple):
    """A line that is none of `ss -ntu`."""

    origin: Origin
    text: str


class Listening(NamedTuple):
    """The sockets that wait for somebody, and the lines that say nothing that can be read."""

    listeners: tuple[Listener, ...]
    unread: tuple[Unread, ...]


_PROCESS = regex(r'users:\(\("(?P<name>[^"]*)"')
_LOCAL = regex(r"(?P<host>.*?)(?:%(?P<interface>[^\]:]+))?(?P<close>\]?):(?P<port>\d+)")
_PROTOCOLS = {"tcp": Protocol.TCP, "udp": Protocol.UDP}
_STATES = {"LISTEN": Protocol.TCP, "UNCONN": Protocol.UDP}
_OTHERS = frozenset({"Netid", "State", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"})
_MORE = frozenset({"CLOSE-WAIT", "LAST-ACK", "CLOSING", "CLOSED", "UNKNOWN", "NEW-SYN-RECV", "BOUND-INACTIVE"})
_FAMILIES = frozenset({"nl", "raw", "p_raw", "p_dgr", "u_str", "u_dgr", "u_seq", "v_str", "v_dgr", "icmp6", "sctp"})
_PASSED_OVER = _OTHERS | _MORE | _FAMILIES | {"mptcp", "xdp", "dccp", "tipc"}
"""How lines begin that are of no interest: the heading, connections, and sockets of other kinds."""


def read_listening(text: str, document: str) -> Listening:
    """The sockets of the output of `ss -lntu`, with `-H` and `-p` or without."""
    listeners, unread = [], []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        # With one protocol alone, as of `-t`, there is no column for it.
        protocol = _PROTOCOLS.get(words.pop(0)) if len(words) > 1 and words[0] in _PROTOCOLS else None
        origin = Origin(document, position=Position(number, 1))
        if not words or words[0] in _PASSED_OVER:
            continue
        found = _listener(words, line, protocol, origin)
        if found is None:
            unread.append(Unread(origin, line.strip()))
        else:
            listeners.append(found)
    return Listening(tuple(listeners), tuple(unread))


def _listener(words: list[str], line: str, protocol: Protocol | None, origin: Origin) -> Listener | None:
    open_for = _STATES.get(words[0])
    match = _LOCAL.fullmatch(words[3]) if open_for is not None and len(words) > 3 else None
    if open_for is None or match is None:
        return None
    address, ports = _read(match["host"] + match["close"], match["port"])
    process = _PROCESS.search(line)
    name = process["name"] if process else ""
    return Listener(address, ports, protocol or open_for, origin, name, match["interface"] or "") if ports else None


def _read(host: str, port: str) -> tuple[Address, Ports | None]:
    found = next(read_addresses(f"{host}:{port}", v6only=host == "[::]"), None)
    if found is None:
        return ANY_IPV4, None
    # What takes both kinds of connections has a star, what takes those of IPv4 alone has four numbers.
    return ANY if host == "*" else found.address, found.ports
