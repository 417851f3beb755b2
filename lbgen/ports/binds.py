"""The listeners of a haproxy.cfg: its `bind` lines and what is like them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from lbgen.ports.address import Protocol, read_addresses
from lbgen.ports.claim import Branch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Config, Directive, Section
    from lbgen.haproxy.words import Word
    from lbgen.ports.address import Listening

_BINDS = {
    "bind": frozenset({"frontend", "listen", "peers", "log-forward"}),
    "dgram-bind": frozenset({"log-forward"}),
    "stats": frozenset({"global"}),
    "peer": frozenset({"peers"}),
}


class Bind(NamedTuple):
    """A listener: the item `listening` of the list of addresses that is the word `word` of a line.

    `last` tells whether it is the last item. `interface` and `namespace` are options of the line, `binds` is False in a
    section that is disabled.
    """

    section: Section
    directive: Directive
    word: Word
    listening: Listening
    last: bool
    interface: str
    namespace: str
    branches: tuple[Branch, ...]
    binds: bool


def binds(config: Config) -> Iterator[Bind]:
    """All listeners of the configuration, from top to bottom."""
    conditions = _Conditions()
    for section in config.sections:
        enabled = not _disabled(section)
        for directive in section.directives:
            if directive.keyword.startswith("."):
                conditions.pass_by(directive.keyword)
            elif section.kind in _BINDS.get(directive.keyword, ()):
                yield from _of_line(section, directive, conditions.branches, enabled=enabled)


def _disabled(section: Section) -> bool:
    words = [directive.keyword for directive in section.directives if directive.keyword in {"enabled", "disabled"}]
    return words[-1:] == ["disabled"]


def _of_line(section: Section, directive: Directive, branches: tuple[Branch, ...], *, enabled: bool) -> Iterator[Bind]:
    args = directive.args
    if directive.keyword == "stats":
        args = args[1:] if args and args[0].text == "socket" else ()
    elif directive.keyword == "peer":
        # One of them is the process itself, and binds its address: nobody else has it on that machine.
        args = args[1:2]
    if not args:
        return
    options = [word.text for word in args[1:]]
    found = list(read_addresses(args[0].text, v6only="v6only" in options))
    for index, listening in enumerate(found, 1):
        item = listening._replace(protocol=Protocol.UDP) if directive.keyword == "dgram-bind" else listening
        last = index == len(found)
        interface, namespace = _after("interface", options), _after("namespace", options)
        yield Bind(section, directive, args[0], item, last, interface, namespace, branches, enabled)


def _after(option: str, options: list[str]) -> str:
    at = options.index(option) + 1 if option in options else len(options)
    return options[at] if at < len(options) else ""


class _Conditions:
    """The branches of conditions that a line is in, from the outermost one."""

    def __init__(self) -> None:
        self.branches: tuple[Branch, ...] = ()
        self._numbers = count()

    def pass_by(self, keyword: str) -> None:
        """Goes past a line that begins, continues or ends a condition; every other line is no matter."""
        if keyword == ".if":
            self.branches = (*self.branches, Branch(next(self._numbers), 0))
        elif keyword in {".elif", ".else"} and self.branches:
            *outer, (condition, number) = self.branches
            self.branches = (*outer, Branch(condition, number + 1))
        elif keyword == ".endif":
            self.branches = self.branches[:-1]
