"""A configuration as this machine can run it: doors where it listens, stand-ins behind it, a line for each request.

What decides where a request goes is left as it is.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple, cast

from lbgen.check import machine
from lbgen.check.provision import provide
from lbgen.check.references import Kind, references
from lbgen.dataclass import dataclass
from lbgen.emulate.doors import walls_of
from lbgen.emulate.requests import REMEMBER, REMEMBER_NAME, http_format, tcp_format
from lbgen.emulate.standins import place, servers
from lbgen.haproxy.parse import parse
from lbgen.routing.binds import binds

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.check.place import Place
    from lbgen.emulate.balancer import Balancer
    from lbgen.emulate.doors import Wall
    from lbgen.haproxy.parse import Config, Directive, Section

# What is the business of a machine that HAProxy is at home on: accounts, files of its own, limits.
_NOT_HERE = frozenset(
    (
        "chroot",
        "cpu-map",
        "daemon",
        "fd-hard-limit",
        "gid",
        "group",
        "log",
        "maxconn",
        "master-worker",
        "nbproc",
        "nbthread",
        "pidfile",
        "server-state-base",
        "server-state-file",
        "setcap",
        "stats",
        "uid",
        "ulimit-n",
        "user",
    )
)
_OWN_GLOBAL = ("  log stdout format raw local0 notice", "  nbthread 1")
_LOG = "  no log", "  log stdout len 32768 format raw local0 info", "  no option dontlog-normal"
_CERTIFICATES = "/lbgen-certificate.pem"
# What a bind line says of the machine that it was written for; with a value behind it.
_OF_THE_MACHINE = frozenset({"interface", "namespace", "id"})
# Checks that go elsewhere than the server's own port.
_OF_THE_SERVER = frozenset({"port", "addr", "source", "usesrc", "interface", "namespace"})


class Placed(NamedTuple):
    """Where things are for the HAProxy that runs.

    `doors` says what to bind in place of each address and port, `servers` the port of the stand-in by line; `root` is
    the directory of its files, and `token` sets what it calls its inner sockets apart from others of this machine.
    `generation` is the number of the configuration, which its log tells.
    """

    doors: Mapping[Wall, str]
    servers: Mapping[int, int]
    root: str
    token: str
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Local:
    """What runs: the text and its files, by name below the root."""

    text: str
    files: Mapping[str, bytes]


def localised(balancer: Balancer, placed: Placed, certificate: bytes, authority: bytes) -> Local:
    """The configuration of the balancer for this machine, and the files that it reads.

    Every certificate that it names is the one given, every authority that this machine lacks too.
    """
    here = cast("Place", _Root(placed.root))
    files = _files(balancer, certificate, authority, here)
    provision = provide(balancer.config, here, files, {})
    text = "\n".join(_lines(parse(provision.text), balancer, placed)) + "\n"
    beside = {**provision.files, here.put_path(_CERTIFICATES): certificate}
    return Local(text, {path.removeprefix(f"{placed.root}/"): content for path, content in beside.items()})


class _Root:
    """A directory in which everything is laid that a configuration names, whatever this machine has there."""

    rewrites = True
    name_servers = False

    def __init__(self, root: str) -> None:
        self._root = root

    def has(self, path: str) -> bool:
        return path == self.put_path(_CERTIFICATES)

    def brought(self, path: str, *, siblings: str = "") -> dict[str, bytes]:  # noqa: ARG002 - as in Place
        return {}

    def knows(self, account: str, *, group: bool) -> bool:  # noqa: ARG002 - as in Place
        return True

    def put_path(self, path: str) -> str:
        kept = "absolute" if path.startswith("/") else "relative"
        return f"{self._root}/{kept}/{'/'.join(part for part in path.split('/') if part not in {'', '.', '..'})}"


def _files(balancer: Balancer, certificate: bytes, authority: bytes, here: Place) -> dict[str, bytes]:
    """What the configuration reads, by path: its maps, throw-away certificates, and what this machine has."""
    found: dict[str, bytes] = {}
    for each in references(balancer.config, {}):
        if each.kind is Kind.CERTIFICATE:
            found[each.path] = certificate
        elif each.kind is Kind.CERTIFICATE_LIST:
            found[each.path] = f"{here.put_path(_CERTIFICATES)}\n".encode()
        elif each.kind is Kind.AUTHORITY:
            found[each.path] = authority
        elif (content := machine.read(each.path)) is not None:
            found[each.path] = content
    return {**found, **{path: text.encode() for path, text in balancer.files.items()}}


def _lines(config: Config, balancer: Balancer, placed: Placed) -> Iterator[str]:
    """The lines of the configuration, each section with what it needs here."""
    lines = list(config.lines)
    ends = [section.line - 1 for section in config.sections[1:]] + [len(lines)]
    start = 0
    if not any(section.kind == "global" for section in config.sections):
        yield from ("global", *_OWN_GLOBAL)
    for section, end in zip(config.sections, ends, strict=True):
        for directive in section.directives:
            lines[directive.line - 1] = _line(directive, section, placed)
        remember, log_format = _remembered(section, balancer, placed.generation)
        yield from lines[start : section.line]
        yield from remember
        yield from lines[section.line : end]
        yield from _behind(section, log_format)
        start = end


def _remembered(section: Section, balancer: Balancer, generation: int) -> tuple[Sequence[str], str]:
    """What a frontend does first, and what it logs."""
    proxy = next((each for each in balancer.table.frontends if each.line == section.line), None)
    if proxy is None:
        return (), ""
    if proxy.http:
        return REMEMBER, http_format(generation)
    named = any("ssl_sni" in directive.raw for directive in section.directives)
    return REMEMBER_NAME if named else (), tcp_format(generation, named=named)


def _behind(section: Section, log_format: str) -> Sequence[str]:
    """What is added at the end of a section."""
    if section.kind == "global":
        return _OWN_GLOBAL
    if section.kind == "backend":
        # The stand-ins of 3.2 do not hear that a client has hung up, and nobody would be told of the connection.
        return (
            ()
            if any(each.values[:1] == ("server-fin",) for each in section.named("timeout"))
            else ("  timeout server-fin 1s",)
        )
    if section.kind not in {"frontend", "listen"}:
        return ()
    return (*_LOG, f"  log-format {log_format}")


def _line(directive: Directive, section: Section, placed: Placed) -> str:
    if directive.problem is not None:
        return directive.raw
    if section.kind == "global":
        return "" if directive.keyword in _NOT_HERE else directive.raw
    if directive.keyword == "bind" and directive.args:
        return _bind(directive, placed)
    if directive.keyword in {"server", "server-template"}:
        return _server(directive, section, placed)
    return directive.raw


def _bind(directive: Directive, placed: Placed) -> str:
    addresses = []
    for bind in binds(directive):
        inner = f"{bind.text}-{placed.token}" if bind.text.startswith("abns") else bind.text
        addresses += [placed.doors[wall] for wall in walls_of(bind) if wall in placed.doors] or [inner]
    word = directive.args[0]
    return _without(directive.raw, directive, _OF_THE_MACHINE, word.end).replace(
        directive.raw[word.start : word.end], ",".join(addresses), 1
    )


def _server(directive: Directive, section: Section, placed: Placed) -> str:
    position = place(directive)
    if len(directive.args) <= position:
        return directive.raw
    word = directive.args[position]
    port = placed.servers.get(directive.line)
    if directive not in servers(section) or port is None:
        inner = f"{word.text}-{placed.token}" if word.text.startswith("abns") else directive.raw[word.start : word.end]
        return f"{directive.raw[: word.start]}{inner}{directive.raw[word.end :]}"
    rest = _without(directive.raw, directive, _OF_THE_SERVER, word.end)[word.end :]
    return f"{directive.raw[: word.start]}127.0.0.1:{port}{rest}"


def _without(raw: str, directive: Directive, options: frozenset[str], behind: int) -> str:
    """The line without these options and their values, behind a column."""
    words = [word for word in directive.args if word.start >= behind]
    for option, value in reversed(list(itertools.pairwise(words))):
        if option.text in options:
            raw = raw[: option.start] + raw[value.end :]
    return raw
