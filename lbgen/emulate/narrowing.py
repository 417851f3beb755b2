"""Of a routing table what can have to do with a request: the rest is not worth being asked thousands of times."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from lbgen.routing.shapes import conjunctions, host_kind, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.routing.conditions import Comparison
    from lbgen.routing.request import Request
    from lbgen.routing.table import Proxy, Rule, Table

APP_ID = "x-marathon-app-id"
_CHANGING = ("set-header", "add-header", "del-header", "replace-header", "replace-value", "set-uri", "lua.")


class Narrowing:
    """The routing table of a balancer, without what asks for other hosts and apps than a request does."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._on_port: dict[int, list[_Split]] = {}
        self._split = {proxy.name: _Split(proxy) for proxy in table.frontends}

    def of(self, request: Request) -> Table:
        """The table that routes the request as the whole one does."""
        words = _words(request)
        if any('"' in word for word in words):
            # What stands in quotes is one word to HAProxy, with commas and all.
            return self._table
        found = [split.narrowed(words) for split in self._listening(request.port)]
        return replace(self._table, frontends=[*found, *self._inner])

    @cached_property
    def _inner(self) -> list[Proxy]:
        """Those that listen within HAProxy only: what they see may have been changed on the way."""
        return [proxy for proxy in self._table.frontends if not any(bind.ports for bind in proxy.binds)]

    def _listening(self, port: int) -> list[_Split]:
        if port not in self._on_port:
            there = [proxy for proxy in self._table.frontends if any(port in bind.ports for bind in proxy.binds)]
            self._on_port[port] = [self._split[proxy.name] for proxy in there]
        return self._on_port[port]


class _Split:
    """The rules of a frontend, sorted by the words that they want when they are first asked for."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._whole = not proxy.http or _changes_hosts(proxy)

    @cached_property
    def _rules(self) -> Mapping[str, Mapping[str, Sequence[tuple[int, Rule]]]]:
        return {stage: _by_word(rules, self._proxy) for stage, rules in self._proxy.rules.items()}

    def narrowed(self, words: frozenset[str]) -> Proxy:
        """The frontend with the rules that may hold for a request with these words."""
        if self._whole:
            return self._proxy
        return replace(self._proxy, rules={stage: _chosen(by, words) for stage, by in self._rules.items()})


def _chosen(by_word: Mapping[str, Sequence[tuple[int, Rule]]], words: Iterable[str]) -> list[Rule]:
    found = {index: rule for word in ("", *words) for index, rule in by_word.get(word, ())}
    return [found[index] for index in sorted(found)]


def _changes_hosts(proxy: Proxy) -> bool:
    """Whether what the client has sent is changed before rules ask for it."""
    rules = proxy.rules.get("http-request", ())
    return any(rule.words[0].startswith(_CHANGING) for rule in rules if rule.words)


def _by_word(rules: Sequence[Rule], proxy: Proxy) -> dict[str, list[tuple[int, Rule]]]:
    found: dict[str, list[tuple[int, Rule]]] = {}
    for index, rule in enumerate(rules):
        for word in _wanted(rule, proxy) or ("",):
            found.setdefault(word, []).append((index, rule))
    return found


def _wanted(rule: Rule, proxy: Proxy) -> frozenset[str]:
    """Of these words a request has to have one; none where it may hold for any request."""
    if rule.guarded or rule.variable or rule.condition is None:
        return frozenset()
    cases = [
        _of_case(term.tests or named(term.name, proxy) for term in terms if not term.negated)
        for terms in conjunctions(rule.condition)
    ]
    return frozenset[str]().union(*cases) if all(cases) else frozenset()


def _of_case(terms: Iterable[Sequence[Comparison]]) -> frozenset[str]:
    """What the first term of these wants that wants certain words."""
    return next((words for tests in terms if (words := frozenset(_plain(tests)))), frozenset())


def _plain(tests: Sequence[Comparison]) -> Iterator[str]:
    """The whole words that the tests compare with, if that is all that they do."""
    if all(_is_plain(test) for test in tests):
        yield from (pattern.lower() for test in tests for pattern in test.patterns)


def _is_plain(test: Comparison) -> bool:
    if test.problem or test.files or test.method != "str" or test.expression.converters:
        return False
    return host_kind(test) != "" or _is_app_id(test)


def _is_app_id(test: Comparison) -> bool:
    call = test.expression.fetch
    return call.name in {"hdr", "req.hdr"} and [arg.lower() for arg in call.args] == [APP_ID]


def _words(request: Request) -> frozenset[str]:
    """All that the request has which rules may compare with whole words."""
    values = [value for name, value in request.headers if name.lower() in {"host", APP_ID}]
    parts = [part for value in (*values, request.sni, request.host) for part in (value, *value.split(","))]
    return frozenset(part.strip().lower() for part in parts)
