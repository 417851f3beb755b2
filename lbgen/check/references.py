"""The files, users and groups that a configuration refers to, with the place of each reference."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from posixpath import join
from typing import TYPE_CHECKING

from lbgen.check.variables import expanded
from lbgen.dataclass import dataclass
from lbgen.haproxy.words import read_line
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.haproxy.parse import Config, Directive, Section
    from lbgen.haproxy.words import Word


class Kind(StrEnum):
    """What a reference leads to, in words for the user."""

    CERTIFICATE = "certificate"
    CERTIFICATE_LIST = "list of certificates"
    AUTHORITY = "certificate authority"
    REVOCATIONS = "list of revoked certificates"
    TICKETS = "file of ticket keys"
    DH = "file of Diffie-Hellman parameters"
    LUA = "Lua script"
    PATTERNS = "map or list of patterns"
    PAGE = "page"
    STATE = "file of server states"
    DIRECTORY = "directory"
    USER = "user"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference: `path` is the file as HAProxy looks for it (or the name of the user or group).

    `start` and `end` are the offsets in line `line` (from 1) of what would have to be replaced to lead elsewhere;
    `inside` tells that it is a part of a word, such as the argument of a converter. For a user or a group, the word
    in front of the name is part of it.
    """

    kind: Kind
    path: str
    line: int
    start: int
    end: int
    inside: bool = False


_TLS = {
    "crt": Kind.CERTIFICATE,
    "crt-list": Kind.CERTIFICATE_LIST,
    "ca-file": Kind.AUTHORITY,
    "ca-verify-file": Kind.AUTHORITY,
    "ca-sign-file": Kind.CERTIFICATE,
    "crl-file": Kind.REVOCATIONS,
    "tls-ticket-keys": Kind.TICKETS,
}
_BIND = _TLS | {"user": Kind.USER, "group": Kind.GROUP}
_PAGES = {"errorfile": Kind.PAGE, "file": Kind.PAGE, "lf-file": Kind.PAGE}
# By keyword: how many words to skip, and what the word behind another one is.
_AFTER_WORD: dict[str, tuple[int, Mapping[str, Kind]]] = {
    "bind": (1, _BIND),
    "stats": (2, _BIND),
    "server": (2, _TLS),
    "default-server": (0, _TLS),
    "server-template": (3, _TLS),
    "ssl-f-use": (0, _TLS),
    "load": (0, {"crt": Kind.CERTIFICATE, "key": Kind.CERTIFICATE}),
    "http-request": (1, _PAGES),
    "http-response": (1, _PAGES),
    "http-after-response": (1, _PAGES),
    "http-error": (0, _PAGES),
}
# By keyword: which word (from 1) names what.
_NUMBERED: dict[str, tuple[int, Kind]] = {
    "errorfile": (2, Kind.PAGE),
    "lua-load": (1, Kind.LUA),
    "lua-load-per-thread": (1, Kind.LUA),
    "ssl-dh-param-file": (1, Kind.DH),
    "h1-case-adjust-file": (1, Kind.PATTERNS),
    "httpclient.ssl.ca-file": (1, Kind.AUTHORITY),
    "server-state-file": (1, Kind.STATE),
    "chroot": (1, Kind.DIRECTORY),
    "issuers-chain-path": (1, Kind.DIRECTORY),
}
_NUMBERED_GLOBAL: dict[str, tuple[int, Kind]] = {"user": (1, Kind.USER), "group": (1, Kind.GROUP)}
_BASES = {
    Kind.CERTIFICATE: "crt-base",
    Kind.CERTIFICATE_LIST: "crt-base",
    Kind.AUTHORITY: "ca-base",
    Kind.REVOCATIONS: "ca-base",
    Kind.STATE: "server-state-base",
}
_PATTERN_CALL = regex(r"\b(?:map(?:_[a-z]+)*|(?:set|del)-map|(?:add|del)-acl)\((?P<path>[^,()'\"\s\\$]+)[,)]")
_HINT = regex(r"crt|file|-f\b|map|acl\(|user|group|lua-load|chroot|keys?\b|chain-path")
_NO_FILE = regex(r"@|virt@")
_PREFIX = regex(r"(?:opt|file)@")


def references(config: Config, environment: Mapping[str, str]) -> list[Reference]:
    """All references in their order; `environment` gives the values of variables."""
    bases = {d.keyword: d.values[0] for d in config.directives() if d.keyword.endswith("-base") and d.values}
    found = []
    for section in config.sections:
        for directive in section.directives:
            # Most lines refer to nothing; and where HAProxy points into a line, it must stay as it is.
            if not _HINT.search(directive.raw) or directive.problem is not None:
                continue
            found += [_based(reference, bases) for reference in _of(directive, section, environment)]
    return found


def _of(directive: Directive, section: Section, environment: Mapping[str, str]) -> Iterator[Reference]:
    keyword, args = directive.keyword, directive.args
    skip, after = _AFTER_WORD.get(keyword, (0, {}))
    for option, word in pairwise(args[skip:]):
        if option.text in after:
            yield from _named(after[option.text], option, word, directive, environment)
    for option, word in pairwise(args):
        if option.text == "-f":
            yield from _named(Kind.PATTERNS, option, word, directive, environment)
    number, kind = _numbered(keyword, section)
    if kind is not None and len(args) >= number:
        yield from _named(kind, _keyword_word(directive), args[number - 1], directive, environment)
    for call in _PATTERN_CALL.finditer(directive.raw.removesuffix(directive.comment or "")):
        if not _NO_FILE.match(call["path"]):
            yield Reference(Kind.PATTERNS, call["path"], directive.line, *call.span("path"), inside=True)


def _numbered(keyword: str, section: Section) -> tuple[int, Kind | None]:
    if section.kind == "global" and keyword in _NUMBERED_GLOBAL:
        return _NUMBERED_GLOBAL[keyword]
    return _NUMBERED.get(keyword, (0, None))


def _keyword_word(directive: Directive) -> Word:
    return read_line(directive.raw).words[0]


def _named(
    kind: Kind, option: Word, word: Word, directive: Directive, environment: Mapping[str, str]
) -> Iterator[Reference]:
    text = expanded(word, directive.raw, environment)
    if _NO_FILE.match(text):
        return
    start = option.start if kind in {Kind.USER, Kind.GROUP} else word.start
    yield Reference(kind, _PREFIX.sub("", text, count=1), directive.line, start, word.end)


def _based(reference: Reference, bases: Mapping[str, str]) -> Reference:
    base = bases.get(_BASES.get(reference.kind, ""))
    if base is None:
        return reference
    return Reference(reference.kind, join(base, reference.path), reference.line, reference.start, reference.end)
