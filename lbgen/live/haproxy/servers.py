"""A `server` line as the runtime API has it: where it leads, its weight, whether it is disabled, and all the rest."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.haproxy.keywords import tables
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.haproxy.parse import Directive

# What reaches the runtime API as it is written: there, blanks, quotes, `;` and `\` mean something of their own.
_HARMLESS = regex(r"[A-Za-z0-9_.:,/@%+=~()\[\]-]+")
_DEFAULT_WEIGHT = 1
_RESOLVING = frozenset({"init-addr", "resolve-net", "resolve-opts", "resolve-prefer", "resolvers"})


@dataclass(frozen=True, slots=True)
class Server:
    """A server of a backend; `options` are the words that the runtime API cannot change, those of defaults included.

    `where` is the address as it is written; `address` is its IP address as Python writes it and `port` its port, both
    None where the line has a name, a socket or no port of its own. `literal` tells whether every word means the same to
    the runtime API as to the file.
    """

    name: str
    where: str
    address: str | None
    port: int | None
    weight: int
    disabled: bool
    options: tuple[str, ...]
    literal: bool

    @property
    def numbered(self) -> bool:
        """Whether the line says the server's number; otherwise its place in the file does."""
        return "id" in keywords(self.options)

    @property
    def named(self) -> bool:
        """Whether the runtime API knows the server by the name that the file writes."""
        return _HARMLESS.fullmatch(self.name) is not None

    @property
    def checked(self) -> bool:
        """Whether HAProxy looks after the server's health."""
        return "check" in keywords(self.options)

    @property
    def agent(self) -> bool:
        """Whether an agent tells HAProxy of the server: it may change weight and state by itself."""
        return "agent-check" in keywords(self.options)

    @property
    def tracks(self) -> bool:
        """Whether the server's state is that of another."""
        return "track" in keywords(self.options)

    @property
    def of_its_address(self) -> tuple[str, ...]:
        """The options without those of how names become addresses, which mean nothing where there is an address."""
        kept = (setting for setting in _settings(self.options) if setting[0] not in _RESOLVING)
        return tuple(word for keyword, arguments in kept for word in (keyword, *arguments))

    @property
    def place(self) -> str:
        """Address and port in one word, for the runtime API."""
        return f"[{self.address}]:{self.port}" if ":" in (self.address or "") else f"{self.address}:{self.port}"


def read_server(directive: Directive, defaults: Sequence[str] = ()) -> Server | None:
    """The server of the line, where `defaults` are the words of `default-server`; None where it has no address."""
    words = directive.args
    if len(words) < 2:
        return None
    texts = [*defaults, *(word.text for word in words[2:])]
    weight, disabled, options = _sorted_out(texts)
    address, port = _place(words[1].text)
    plain = not any(word.variables for word in words) and all(map(_HARMLESS.fullmatch, [words[0].text, *texts]))
    return Server(words[0].text, words[1].text, address, port, weight, disabled, options, plain)


def keywords(words: Sequence[str]) -> frozenset[str]:
    """The keywords among the words of a server, without their arguments."""
    return frozenset(keyword for keyword, _ in _settings(words))


def _settings(words: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each keyword with its arguments."""
    arguments = tables().arguments["server"]
    at = 0
    while at < len(words):
        end = at + 1 + arguments.get(words[at], 0)
        yield words[at], tuple(words[at + 1 : end])
        at = end


def _sorted_out(words: Sequence[str]) -> tuple[int, bool, tuple[str, ...]]:
    """The weight, whether the server is disabled, and the other words; what is said last holds."""
    weight, disabled, checked = _DEFAULT_WEIGHT, False, True
    rest: list[tuple[str, ...]] = []
    for keyword, arguments in _settings(words):
        if keyword == "weight" and arguments and arguments[0].isdecimal():
            weight = int(arguments[0])
        elif keyword in {"disabled", "enabled"}:
            disabled = keyword == "disabled"
        elif keyword in {"check", "no-check"}:
            checked = keyword == "check"
            rest = [setting for setting in rest if setting != ("check",)] + ([("check",)] if checked else [])
        else:
            rest.append((keyword, *arguments))
    return weight, disabled, tuple(word for setting in rest for word in setting)


def _place(text: str) -> tuple[str | None, int | None]:
    host, _, port = text.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    # With a colon and no brackets, nobody but HAProxy knows where the address ends.
    if not port.isdecimal() or not 0 < int(port) < 65536 or (":" in host and bare == host):
        return None, None
    try:
        return str(ip_address(bare)), int(port)
    except ValueError:
        return None, None
