"""The line of a configuration that a message is about, where HAProxy names a proxy or a server but no line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.haproxy.words import read_line
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lbgen.haproxy.messages import Message
    from lbgen.haproxy.parse import Config, Directive, Section

_QUOTED = regex(r"""'([^']+)'|<([^>]+)>|"([^"]+)\"""")
_HINT = regex(r" \((?:see|use|needs|requires) [^)]*\)")
_BARE = regex(r"[A-Za-z][\w-]+|/\S*[^\s.:]")
# These are about a section as a whole, whatever words they quote.
_OF_A_SECTION = regex(r"missing timeouts for|has the same name as|Removing incomplete section|has neither")
_OTHER_MODE = regex(r"tries to use incompatible \S+ backend '(?P<backend>[^']+)'")
_KIND = regex(r"\b(frontend|backend|listen|userlist|resolvers|cache|ring|log-forward|fcgi-app) '")
_PROXIES = ("frontend", "backend", "listen", "defaults")
_SIDES = {"frontend": ("frontend", "listen"), "backend": ("backend", "listen")}


def locate(message: Message, config: Config) -> int | None:
    """The line (from 1) that the message is about, or None where nothing in it leads to one."""
    return Locator.of(config).line(message)


@dataclass(frozen=True, slots=True)
class Locator:
    """A configuration prepared for looking up many messages."""

    config: Config
    sections: dict[str, list[Section]]

    @classmethod
    def of(cls, config: Config) -> Locator:
        """A locator for this configuration."""
        sections: dict[str, list[Section]] = {}
        for section in config.sections:
            sections.setdefault(section.name, []).append(section)
        return cls(config, sections)

    def line(self, message: Message) -> int | None:
        """The line (from 1) that the message is about, or None where nothing in it leads to one."""
        if message.line is not None:
            return self._user_of_backend(message) or message.line
        candidates = self._named(message)
        if message.server is not None and (server := _server(message.server, candidates)):
            return server.line
        if candidates and _OF_A_SECTION.search(message.text):
            return candidates[0].line
        if not candidates:
            found = _mentioned(message, self.config.directives(), at_least=2)
            return found.line if found else None
        found = _mentioned(message, (directive for section in candidates for directive in section.directives))
        return found.line if found else candidates[0].line

    def _user_of_backend(self, message: Message) -> int | None:
        """HAProxy names the header of a frontend whose mode is not its backend's: the line that joins them is it."""
        other_mode = _OTHER_MODE.search(message.text)
        section = self.config.section_at(message.line) if other_mode and message.line else None
        if other_mode is None or section is None:
            return None
        users = (d for d in section.directives if d.keyword in {"use_backend", "default_backend"})
        return next((d.line for d in users if d.values[:1] == (other_mode["backend"],)), None)

    def _named(self, message: Message) -> list[Section]:
        """The sections that the message may mean by the name it gives."""
        sections = self.sections.get(message.proxy, []) if message.proxy is not None else []
        kind = _KIND.search(message.text)
        kinds = _SIDES.get(kind[1], (kind[1],)) if kind else _PROXIES
        return [section for section in sections if section.kind in kinds] or sections


def _server(name: str, sections: Iterable[Section]) -> Directive | None:
    servers = (server for section in sections for server in section.named("server"))
    return next((server for server in servers if server.values[:1] == (name,)), None)


def _mentioned(message: Message, directives: Iterable[Directive], at_least: int = 1) -> Directive | None:
    """The first directive of which the message repeats most; None where it repeats less than asked for."""
    text = _HINT.sub("", message.text)
    quoted = {a or b or c for a, b, c in _QUOTED.findall(text)} - {message.proxy}
    bare = set(_BARE.findall(text))
    best, most = None, at_least - 1
    for directive in directives:
        words = [word.text for word in read_line(directive.raw).words]
        # A value that is quoted says more than a keyword that also is a word of the sentence.
        score = 2 * sum(word in quoted for word in words) + (directive.keyword in bare)
        score += sum(word.startswith("/") and word in bare for word in words)
        score += 2 * (" ".join(words[:2]) in quoted)
        if score > most:
            best, most = directive, score
    return best
