"""Which TCP ports a configuration listens on, and the same configuration moved to other addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.haproxy.parse import parse
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lbgen.haproxy.parse import Directive

_INET = regex(r"(?:ipv4@|ipv6@|tcp4@|tcp6@|tcp@)?(?P<host>[^@/]*):(?P<first>\d+)(?:-(?P<last>\d+))?")
_VARIABLE = regex(r"\$\{(\w+)\}|\$(\w+)")


class Listener(NamedTuple):
    """One address of a `bind` line: the line (from 1), the address as it is written, and its ports."""

    line: int
    address: str
    ports: range


def listeners(text: str, environment: Mapping[str, str] | None = None) -> list[Listener]:
    """The TCP addresses that the `bind` lines of the configuration name, in their order.

    Sockets in the file system, inherited ones and QUIC are no TCP addresses and left out, and so is what names a
    variable that `environment` lacks.
    """
    binds = (directive for directive in parse(text).directives() if directive.keyword == "bind")
    return [listener for bind in binds for listener in _of(bind, environment or {})]


def ports(text: str, environment: Mapping[str, str] | None = None) -> list[int]:
    """All TCP ports that the configuration listens on, each once, in ascending order."""
    return sorted({port for listener in listeners(text, environment) for port in listener.ports})


def moved(text: str, place: Callable[[int], str], environment: Mapping[str, str] | None = None) -> str:
    """The configuration with every TCP port listened on at `place(port)`, an address as `bind` takes it."""
    lines = text.split("\n")
    for listener in listeners(text, environment):
        new = ",".join(place(port) for port in listener.ports)
        lines[listener.line - 1] = lines[listener.line - 1].replace(listener.address, new, 1)
    return "\n".join(lines)


def _of(bind: Directive, environment: Mapping[str, str]) -> Iterator[Listener]:
    if not bind.args:
        return
    for address in bind.args[0].text.split(","):
        match = _INET.fullmatch(_expanded(address, environment))
        if match:
            first = int(match["first"])
            yield Listener(bind.line, address, range(first, int(match["last"] or first) + 1))


def _expanded(text: str, environment: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: environment.get(match[1] or match[2], match[0]), text)
