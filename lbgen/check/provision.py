"""What a configuration needs and its place lacks: made up for one check, and said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field
from posixpath import join
from typing import TYPE_CHECKING

from lbgen.check import machine
from lbgen.check.luastub import lua_stub
from lbgen.check.references import Kind, Reference, references
from lbgen.dataclass import dataclass
from lbgen.haproxy.words import quote_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.check.place import Place
    from lbgen.check.throwaway import Authority
    from lbgen.haproxy.parse import Config

_PAGE = b"HTTP/1.0 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
# Three keys of 48 bytes, in base64: what `tls-ticket-keys` wants.
_TICKETS = b"".join(bytes([65 + key]) * 64 + b"\n" for key in range(3))
# The group ffdhe2048 of RFC 7919: parameters are no secret, and making some takes seconds.
_DH = b"""-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
"""
_FIXED = {Kind.TICKETS: _TICKETS, Kind.DH: _DH, Kind.PATTERNS: b"", Kind.PAGE: _PAGE, Kind.STATE: b"1\n"}
_EMPTY = dict.fromkeys((Kind.PATTERNS, Kind.PAGE, Kind.DIRECTORY, Kind.STATE), "an empty")
_ARTICLES = _EMPTY | {Kind.LUA: "a stub of a"}
# HAProxy also takes a certificate in one file per kind of key; and what lies beside a file may belong to it.
_BUNDLES = {Kind.CERTIFICATE: ("", ".rsa", ".ecdsa", ".dsa")}
_SIBLINGS = {Kind.CERTIFICATE: "{name}.*", Kind.LUA: "*.lua"}
_ACCOUNTS = {Kind.USER: "uid 65534", Kind.GROUP: "gid 65534"}
_NAME_SERVER = "nameserver supplied 127.0.0.1:53"
_THROWAWAY = "lbgen-throwaway.pem"


@dataclass(slots=True)
class Provision:
    """What goes into the place: the text with what had to be replaced in its lines, and files to put there.

    The keys of `supplied` say what was made up, in words.
    """

    text: str
    files: dict[str, bytes] = field(default_factory=dict)
    directories: list[str] = field(default_factory=list)
    supplied: dict[str, None] = field(default_factory=dict)


def provide(config: Config, place: Place, extra: Mapping[str, bytes], environment: Mapping[str, str]) -> Provision:
    """What the configuration needs in this place.

    `extra` are files that belong to the configuration, by path; `environment` gives the values of variables.
    """
    return _Provider(config, place, extra, environment).provide()


class _Provider:
    """One making of a provision."""

    def __init__(
        self, config: Config, place: Place, extra: Mapping[str, bytes], environment: Mapping[str, str]
    ) -> None:
        self.config = config
        self.place = place
        self.extra = extra
        self.environment = environment
        self.edits: defaultdict[int, list[tuple[int, int, str]]] = defaultdict(list)
        self.result = Provision("")
        self.authority: Authority | None = None
        self.certificate: bytes | None = None
        self.stubbed = False

    def provide(self) -> Provision:
        self.references = references(self.config, self.environment)
        for reference in self.references:
            if reference.kind in _ACCOUNTS:
                self._account(reference)
            else:
                self._file(reference)
        self._name_servers()
        lines = list(self.config.lines)
        for number, edits in self.edits.items():
            for start, end, text in sorted(edits, reverse=True):
                lines[number - 1] = lines[number - 1][:start] + text + lines[number - 1][end:]
        self.result.text = "\n".join(lines)
        return self.result

    def _account(self, reference: Reference) -> None:
        if not self.place.knows(reference.path, group=reference.kind is Kind.GROUP):
            self.edits[reference.line].append((reference.start, reference.end, _ACCOUNTS[reference.kind]))
            self._say(f"another {reference.kind} for {reference.path}")

    def _file(self, reference: Reference) -> None:
        path = reference.path
        content = self.extra.get(path)
        if reference.kind is Kind.CERTIFICATE_LIST and (listed := content or machine.read(path)) is not None:
            content = self._list(listed, changed_only=content is None)
        if content is not None:
            self._put(path, content)
        elif self._is_there(reference.kind, path):
            return
        else:
            self._make_up(reference.kind, path)
        if self.place.rewrites:
            target = self.place.put_path(path)
            spelled = target if reference.inside else quote_word(target)
            self.edits[reference.line].append((reference.start, reference.end, spelled))

    def _is_there(self, kind: Kind, path: str) -> bool:
        """Whether the place has the file; what belongs to it is brought along."""
        there = any(self.place.has(path + suffix) for suffix in _BUNDLES.get(kind, ("",)))
        if there:
            for brought, content in self.place.brought(path, siblings=_SIBLINGS.get(kind, "")).items():
                self._put(brought, content)
        return there

    def _make_up(self, kind: Kind, path: str) -> None:
        if kind is Kind.DIRECTORY:
            self.result.directories.append(self.place.put_path(path))
        else:
            self._put(join(path, _THROWAWAY) if path.endswith("/") else path, self._content(kind))
        self._say(f"{_ARTICLES.get(kind, 'a throw-away')} {kind} for {path}")

    def _put(self, path: str, content: bytes) -> str:
        target = self.place.put_path(path)
        self.result.files.setdefault(target, content)
        return target

    def _say(self, supplied: str) -> None:
        self.result.supplied[supplied] = None

    def _content(self, kind: Kind) -> bytes:
        from lbgen.check.throwaway import Authority, self_signed  # loads cryptography, 100 ms

        if kind in _FIXED:
            return _FIXED[kind]
        if kind is Kind.LUA:
            return self._stub()
        if kind in {Kind.AUTHORITY, Kind.REVOCATIONS}:
            self.authority = self.authority or Authority.new()
            return self.authority.pem if kind is Kind.AUTHORITY else self.authority.revocations()
        self.certificate = self.certificate or self_signed(["lbgen.invalid"])
        if kind is Kind.CERTIFICATE_LIST:
            return (self._put(f"/{_THROWAWAY}", self.certificate) + "\n").encode()
        return self.certificate

    def _stub(self) -> bytes:
        """The stub, in the first script that is missing; the others stay empty."""
        if self.stubbed:
            return b""
        self.stubbed = True
        return lua_stub(self.config, self._scripts_present()).encode()

    def _scripts_present(self) -> str:
        paths = [reference.path for reference in self.references if reference.kind is Kind.LUA]
        texts = [self.extra.get(path) or machine.read(path) or b"" for path in paths]
        return "\n".join(text.decode("utf-8", "replace") for text in texts)

    def _list(self, content: bytes, *, changed_only: bool) -> bytes | None:
        """The content of a list, with certificates where they are missing; None if nothing changed and that counts."""
        lines = content.decode("utf-8", "surrogateescape").split("\n")
        changed = False
        for index, line in enumerate(lines):
            path = line.partition("#")[0].strip().partition(" ")[0]
            if path and not self._is_there(Kind.CERTIFICATE, path):
                self._make_up(Kind.CERTIFICATE, path)
                lines[index] = line.replace(path, self.place.put_path(path), 1)
                changed = True
        return "\n".join(lines).encode("utf-8", "surrogateescape") if changed or not changed_only else None

    def _name_servers(self) -> None:
        for directive in self.config.directives():
            if directive.keyword == "parse-resolv-conf" and not self.place.name_servers:
                start = directive.raw.index(directive.keyword)
                self.edits[directive.line].append((start, start + len(directive.keyword), _NAME_SERVER))
                self._say("a name server for parse-resolv-conf")
