"""The backends of a haproxy.cfg, apart from their servers and with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.haproxy.parse import SECTION_KEYWORDS, Section, parse
from lbgen.haproxy.words import read_line
from lbgen.live.haproxy.servers import Server, read_server
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from lbgen.haproxy.parse import Config, Directive

KINDS = frozenset({"backend", "listen"})
HEADER = regex(rf"(?m)^[ \t]*({'|'.join(sorted(SECTION_KEYWORDS))})(?![^ \t\r\n#])(?:[ \t]+([^ \t\r\n#]+))?")

# Algorithms that ask for weights and connections alone: the servers' numbers and order decide nothing that lasts.
_UNNUMBERED = frozenset({"", "roundrobin", "leastconn", "random"})
_NEVER_DYNAMIC = frozenset({"static-rr"})
_BY_NUMBER = frozenset({"first"})


@dataclass(frozen=True, slots=True)
class Backend:
    """A backend or listen section: `frame` is all but its servers, as it is written.

    `numbered` tells that the servers' numbers decide who serves whom. `fixed` says why no server may come or go while
    HAProxy runs, "" where they may; `unclear` says why it is not even known which servers it has, "" where it is.
    """

    name: str
    frame: tuple[str, ...]
    servers: Mapping[str, Server]
    numbered: bool
    fixed: str
    unclear: str

    @property
    def positional(self) -> bool:
        """Whether the place of a server in the file decides whom it serves."""
        return self.numbered and not all(server.numbered for server in self.servers.values())


def backends(text: str, names: Collection[str] | None = None) -> Iterator[Backend]:
    """The backends of a configuration: those with these names, or all."""
    given = None
    head = HEADER.search(text)
    while head is not None:
        following = HEADER.search(text, head.end())
        piece = text[head.start() : following.start() if following else len(text)]
        if head[1] == "defaults":
            given = parse(piece).sections[0]
        elif head[1] in KINDS and (names is None or head[2] in names):
            config = parse(piece)
            yield read_backend(config.sections[0], config, inherited_by(piece.partition("\n")[0], given, text))
        head = following


def defaults_before(text: str, position: int) -> Section | None:
    """The last section of defaults in front of this place."""
    start = position
    while (start := text.rfind("defaults", 0, start)) >= 0:
        head = HEADER.match(text, text.rfind("\n", 0, start) + 1)
        if head is not None and head[1] == "defaults":
            following = HEADER.search(text, head.end())
            return parse(text[head.start() : following.start() if following else len(text)]).sections[0]
    return None


def inherited_by(header: str, given: Section | None, text: str) -> Section | None:
    """The defaults of the section with this header, where `given` are those in front of it."""
    words = [word.text for word in read_line(header).words]
    if len(words) < 4 or words[2] != "from":
        return given
    # Somebody who names defaults has few sections, or many that are worth the search.
    return next((each for each in parse(text).sections if (each.kind, each.name) == ("defaults", words[3])), None)


def read_backend(section: Section, config: Config, defaults: Section | None) -> Backend:
    """The backend of a section of the configuration; `defaults` is the section that it inherits from."""
    given, unclear = _default_words(section, defaults)
    lines = section.named("server")
    servers = {server.name: server for line in lines if (server := read_server(line, given)) is not None}
    unclear = unclear or _unclear(section, servers)
    frame = (config.text_at(section.line), *(each.raw for each in section.directives if each.keyword != "server"))
    algorithm = _algorithm(section, defaults)
    numbered = algorithm not in _UNNUMBERED or bool(section.named("stick"))
    fixed = unclear or _fixed(section, defaults, algorithm)
    return Backend(section.name, frame, servers, numbered, fixed, unclear)


def _default_words(section: Section, defaults: Section | None) -> tuple[tuple[str, ...], str]:
    """The words that every server of the section begins with, and why they are not known, "" where they are."""
    lines = [*(defaults.named("default-server") if defaults else ()), *section.named("default-server")]
    words = tuple(value for line in lines for value in line.values)
    own, servers = section.named("default-server"), section.named("server")
    if own and servers and own[-1].line > servers[0].line:
        return words, "default-server stands behind a server"
    variables = any(word.variables for line in lines for word in line.args)
    return words, "default-server names a variable" if variables else ""


def _algorithm(section: Section, defaults: Section | None) -> str:
    values = _values("balance", section, defaults)
    return values[0].partition("(")[0] if values else ""


def _values(keyword: str, section: Section, defaults: Section | None) -> Sequence[str]:
    """What stands behind the keyword in the section, or else in its defaults."""
    found: tuple[Directive, ...] = section.named(keyword) or (defaults.named(keyword) if defaults else ())
    return found[-1].values if found else ()


def _fixed(section: Section, defaults: Section | None, algorithm: str) -> str:
    """Why HAProxy takes no new servers here, or why they would not be those of the file."""
    if algorithm in _NEVER_DYNAMIC:
        return f"balance {algorithm} takes no new servers"
    hashes = algorithm not in _UNNUMBERED | _BY_NUMBER
    if hashes and _values("hash-type", section, defaults)[:1] != ("consistent",):
        return f"balance {algorithm} without hash-type consistent takes no new servers"
    if "dynamic" in _values("cookie", section, defaults):
        return "cookies are made for each server"
    return ""


def _unclear(section: Section, servers: Mapping[str, Server]) -> str:
    """Why it is not known which servers the section has, "" where it is."""
    if section.named("server-template"):
        return "server-template makes servers too"
    if any(directive.keyword.startswith(".") for directive in section.directives):
        return "lines depend on conditions"
    if len(servers) < len(section.named("server")):
        return "servers have no address, or one name"
    return "" if all(server.named for server in servers.values()) else "a server's name needs quotes"
