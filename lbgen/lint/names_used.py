"""What the lines of a configuration name: backends, userlists and other sections."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.haproxy.words import read_line
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.haproxy.parse import Config, Directive
    from lbgen.haproxy.words import Word

_TOKEN = regex(r"[A-Za-z0-9_.:-]+")
_AUTH = regex(r"\bhttp_auth(?:_group|_bearer)?\(([A-Za-z0-9_.:-]+)[,)]")
# What a map answers that does not know a key, where that is what is looked for.
_OF_MAP = regex(r"%\[[^\]]*,map(?:_[a-z]+)*\([^,()]+,([A-Za-z0-9_.:-]+)\)\]")
_SERVERS = frozenset({"server", "default-server", "server-template"})


class Named(NamedTuple):
    """A section that a line names, and the word that names it; `late` where HAProxy looks for it at a request only."""

    kind: str
    name: str
    directive: Directive
    word: Word
    late: bool = False


@dataclass(slots=True)
class References:
    """What a configuration names: `defined` are its sections by kind, `mentioned` all words of its lines.

    `dynamic` tells that a backend is chosen at run time.
    """

    named: list[Named] = field(default_factory=list)
    defined: dict[str, set[str]] = field(default_factory=dict)
    mentioned: set[str] = field(default_factory=set)
    dynamic: bool = False


_NAMING = frozenset({"use_backend", "default_backend", "errorfiles"})
_OPTIONS = regex(r"resolvers|peers|mailers|cache-|http_auth")


def _may_name(directive: Directive) -> bool:
    # Cutting every line of a large fleet into words takes longer than all that is looked for in them.
    return directive.keyword in _NAMING or _OPTIONS.search(directive.raw) is not None


def references(config: Config, *, mentions: bool = True) -> References:
    """Everything that the configuration names; `mentioned` stays empty unless `mentions`."""
    found = References()
    for section in config.sections:
        kind = "backend" if section.kind == "listen" else section.kind
        found.defined.setdefault(kind, set()).add(section.name)
        for directive in section.directives:
            if not mentions and not _may_name(directive):
                continue
            words = read_line(directive.raw).words
            for word in words[1:] if mentions else ():
                found.mentioned.update(_TOKEN.findall(word.text))
            found.dynamic |= _chooses(directive.keyword, words)
            found.named += _named(directive, words)
    return found


def _chooses(keyword: str, words: tuple[Word, ...]) -> bool:
    """Whether the line names a backend that only the running HAProxy knows."""
    if keyword not in {"use_backend", "default_backend"} or len(words) < 2:
        return False
    return "%" in words[1].text or bool(words[1].variables)


# Behind which options of a line stands the name of which kind of section.
_CACHES = (("cache-use", "cache"), ("cache-store", "cache"))
_BEHIND: Mapping[str, Sequence[tuple[str, str]]] = {
    **dict.fromkeys(_SERVERS, (("resolvers", "resolvers"),)),
    **dict.fromkeys(("http-request", "http-response"), _CACHES),
    "stick-table": (("peers", "peers"),),
    "email-alert": (("mailers", "mailers"),),
}


def _named(directive: Directive, words: tuple[Word, ...]) -> Iterator[Named]:
    keyword = directive.keyword
    if keyword in {"use_backend", "default_backend"} and len(words) > 1:
        yield from _one("backend", directive, words[1])
        if (found := _OF_MAP.fullmatch(words[1].text)) is not None:
            yield Named("backend", found[1], directive, words[1], late=True)
    elif keyword == "errorfiles" and len(words) > 1:
        yield from _one("http-errors", directive, words[1])
    for option, kind in _BEHIND.get(keyword, ()):
        yield from _behind(option, kind, directive, words)
    if "http_auth" in directive.raw:
        for word in words:
            for name in _AUTH.findall(word.text):
                yield Named("userlist", name, directive, word)


def _behind(option: str, kind: str, directive: Directive, words: tuple[Word, ...]) -> Iterator[Named]:
    """The section that stands behind this word."""
    for at, word in enumerate(words[:-1]):
        if at and word.text == option:
            yield from _one(kind, directive, words[at + 1])


def _one(kind: str, directive: Directive, word: Word) -> Iterator[Named]:
    if word.variables or "%" in word.text or not word.text or (kind == "resolvers" and word.text == "default"):
        return
    yield Named(kind, word.text, directive, word)
