"""The routing table of a haproxy.cfg: frontends and backends with the rules that decide about requests."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.regex import regex
from lbgen.routing.binds import binds
from lbgen.routing.conditions import comparison, condition, variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.haproxy.parse import Config, Directive, Section
    from lbgen.routing.binds import Bind
    from lbgen.routing.conditions import Comparison, Condition


@dataclass(frozen=True, slots=True)
class Rule:
    """A line that decides: `words` are what stands between its keyword and its condition.

    `guarded` tells that it stands behind an `.if`, so that nobody knows whether it is there.
    """

    keyword: str
    words: tuple[str, ...]
    condition: Condition | None
    directive: Directive
    guarded: bool = False
    variable: str = ""

    @property
    def line(self) -> int:
        """Its line in the haproxy.cfg, from 1."""
        return self.directive.line

    def __str__(self) -> str:
        return self.directive.raw.strip()


@dataclass(frozen=True, slots=True)
class Server:
    """A server of a backend."""

    name: str
    address: str
    disabled: bool
    backup: bool
    directive: Directive


@dataclass(slots=True)
class Proxy:
    """A frontend, a backend, or a listen, which is both; what it takes from its `defaults` is its own here."""

    kind: str
    name: str
    line: int
    http: bool = False
    binds: list[Bind] = field(default_factory=list)
    acls: dict[str, list[Comparison]] = field(default_factory=dict)
    rules: dict[str, list[Rule]] = field(default_factory=dict)
    servers: list[Server] = field(default_factory=list)
    default_backend: Rule | None = None
    monitor: Rule | None = None
    stats: Rule | None = None

    @property
    def is_frontend(self) -> bool:
        """Whether it listens."""
        return self.kind in {"frontend", "listen"}

    @property
    def header(self) -> str:
        """As in `backend web_10001`."""
        return f"{self.kind} {self.name}"

    def files(self) -> Iterator[str]:
        """The paths of the maps and lists of patterns that its rules read."""
        rules = [rule for found in self.rules.values() for rule in found]
        conditions = (rule.condition for rule in rules if rule.condition is not None)
        terms = (term for condition in conditions for case in condition.cases for term in case)
        named = [test for tests in self.acls.values() for test in tests]
        for test in (*named, *(test for term in terms for test in term.tests)):
            yield from test.files
            yield from _MAP.findall(test.expression.text)
        for rule in rules:
            yield from _MAP.findall(" ".join(rule.words))


@dataclass(slots=True)
class Table:
    """All of a configuration that routing needs; `userlists` are the users of each list, with their groups."""

    name: str
    frontends: list[Proxy] = field(default_factory=list)
    backends: dict[str, Proxy] = field(default_factory=dict)
    userlists: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)

    def listening(self, address: str) -> tuple[Proxy, Bind] | None:
        """Who listens on such an address of this machine, as in `abns@name`."""
        for proxy in self.frontends:
            for bind in proxy.binds:
                if bind.text == address and not bind.ports:
                    return proxy, bind
        return None


_MAP = regex(r"\bmap(?:_[a-z]+)*\(([^,()]+)")
_TCP_STAGES = ("connection", "session", "content")
_RULES = frozenset({"http-request", "redirect", "use_backend", "use-server"})
_TAKEN = _RULES | {"tcp-request", "acl", "bind", "server", "mode", "default_backend", "monitor-uri", "stats"}


def table_of(config: Config, *, backends: bool = True) -> Table:
    """The routing table of a configuration, on request without its backends; what nobody can read is passed over."""
    table = Table(config.name)
    defaults: dict[str, Section] = {}
    last: Section | None = None
    for section in config.sections:
        if section.kind == "defaults":
            last = defaults[section.name] = section
        elif section.kind == "userlist":
            table.userlists.setdefault(section.name, _users(section))
        elif section.kind in {"frontend", "listen"} or (section.kind == "backend" and backends):
            _add(_proxy(section, _inherited(config, section, defaults, last)), table)
    return table


def _add(proxy: Proxy, table: Table) -> None:
    if proxy.is_frontend:
        table.frontends.append(proxy)
    if proxy.kind != "frontend":
        table.backends.setdefault(proxy.name, proxy)


def _inherited(
    config: Config, section: Section, defaults: Mapping[str, Section], last: Section | None
) -> Section | None:
    """The `defaults` of a section: those that it names behind `from`, else the last ones before it."""
    words = config.text_at(section.line).split("#")[0].split()
    named = words[words.index("from") + 1] if "from" in words[2:-1] else None
    return defaults.get(named) if named is not None else last


def _users(section: Section) -> dict[str, frozenset[str]]:
    """The users, each with the groups that either side names."""
    groups: dict[str, set[str]] = {}
    for directive in section.directives:
        values = directive.values
        if directive.keyword == "user" and values:
            found = groups.setdefault(values[0], set())
            found |= set(_after(values, "groups"))
    for directive in section.named("group"):
        for user in _after(directive.values, "users"):
            groups.setdefault(user, set()).add(directive.values[0])
    return {user: frozenset(names) for user, names in groups.items()}


def _after(values: Sequence[str], word: str) -> Iterable[str]:
    rest = values[values.index(word) + 1 :] if word in values[:-1] else ()
    return [name for name in rest[0].split(",") if name] if rest else []


def _proxy(section: Section, defaults: Section | None) -> Proxy:
    proxy = Proxy(section.kind, section.name, section.line)
    reader = _Reader(proxy)
    for each in (defaults, section):
        depth = 0
        for directive in each.directives if each is not None else ():
            if directive.keyword in {".if", ".endif"}:
                depth += 1 if directive.keyword == ".if" else -1
            elif directive.keyword in _TAKEN and directive.problem is None:
                reader.take(directive, guarded=depth > 0)
    return proxy


class _Reader:
    """Reads the lines of one section, each into its place of the proxy."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy

    def take(self, directive: Directive, *, guarded: bool) -> None:
        """Takes one line."""
        keyword = directive.keyword
        if keyword in _RULES:
            self._add(keyword, _rule(directive, 0, guarded=guarded))
        elif keyword == "tcp-request":
            self._tcp(directive, guarded=guarded)
        elif keyword == "acl":
            self._acl(directive, guarded=guarded)
        elif keyword == "bind" and self._proxy.is_frontend:
            self._proxy.binds += binds(directive)
        elif keyword == "server" and self._proxy.kind != "frontend":
            self._server(directive)
        else:
            self._setting(directive, guarded=guarded)

    def _add(self, stage: str, rule: Rule) -> None:
        self._proxy.rules.setdefault(stage, []).append(rule)

    def _tcp(self, directive: Directive, *, guarded: bool) -> None:
        values = directive.values
        if values and values[0] in _TCP_STAGES:
            self._add(values[0], _rule(directive, 1, guarded=guarded))

    def _acl(self, directive: Directive, *, guarded: bool) -> None:
        args = directive.args
        if len(args) > 1:
            unsettled = variables(args[1:]) or ("an .if around it" if guarded else "")
            test = comparison([word.text for word in args[1:]], directive.line, unsettled=unsettled)
            self._proxy.acls.setdefault(args[0].text, []).append(test)

    def _server(self, directive: Directive) -> None:
        values = directive.values
        if len(values) > 1:
            words = values[2:]
            self._proxy.servers.append(Server(values[0], values[1], "disabled" in words, "backup" in words, directive))

    def _setting(self, directive: Directive, *, guarded: bool) -> None:
        values, proxy = directive.values, self._proxy
        if directive.keyword == "mode" and values:
            proxy.http = values[0] == "http"
        elif directive.keyword == "default_backend" and values:
            proxy.default_backend = _rule(directive, 0, guarded=guarded)
        elif directive.keyword == "monitor-uri" and values:
            proxy.monitor = _rule(directive, 0, guarded=guarded)
        elif directive.keyword == "stats" and (
            values[:1] == ("uri",) or (values[:1] == ("enable",) and not proxy.stats)
        ):
            proxy.stats = _rule(directive, 0, guarded=guarded)


def _rule(directive: Directive, at: int, *, guarded: bool) -> Rule:
    """The rule of a line whose first `at` words are part of its keyword."""
    args = directive.args[at:]
    start = next((index for index, word in enumerate(args) if word.raw in {"if", "unless"}), len(args))
    found = (
        condition(args[start + 1 :], directive.line, unless=args[start].raw == "unless") if start < len(args) else None
    )
    keyword = " ".join((directive.keyword, *directive.values[:at]))
    words = args[:start]
    return Rule(keyword, tuple(word.text for word in words), found, directive, guarded, variables(words))
