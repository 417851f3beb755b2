"""Rules that never get a request, or not what they were written for, because of others before them."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.routing.shapes import slots

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.routing.shapes import Slot
    from lbgen.routing.table import Proxy, Rule, Table

_LONGEST_PATH = 512
_MOST_TOLD = 4
_ENDING = frozenset({"deny", "reject", "redirect", "return", "tarpit", "silent-drop", "use-service"})


class Shadow(NamedTuple):
    """What a rule would take, and does not get: `winner` takes it before."""

    frontend: Proxy
    loser: Slot
    winner: Slot


@dataclass(slots=True)
class Shadows:
    """What stands in each other's way in the frontends of a table.

    `routes` are `use_backend` rules behind others that lead elsewhere; `ended` are those that an unconditional, or a
    wider, rule takes that redirects, denies or answers; `redirects` and `logins` are rules that others of the same
    frontend have to pass first. Of what never gets a request, only the first is told.
    """

    routes: list[Shadow] = field(default_factory=list)
    redirects: list[Shadow] = field(default_factory=list)
    logins: list[Shadow] = field(default_factory=list)
    ended: list[Shadow] = field(default_factory=list)


def shadows(table: Table) -> Shadows:
    """Everything of this kind in the table."""
    found = Shadows()
    for proxy in table.frontends:
        _frontend(proxy, found)
    return found


def _frontend(proxy: Proxy, found: Shadows) -> None:
    redirects, logins, ends = _passed_first(proxy)
    routes = _Index()
    for rule in proxy.rules.get("use_backend", ()):
        for slot in list(slots(rule, proxy)):
            winner = routes.cover(slot)
            if winner is not None:
                if _target(winner.rule) != _target(rule):
                    found.routes.append(Shadow(proxy, slot, winner))
                continue
            routes.add(slot)
            for index, into in ((redirects, found.redirects), (logins, found.logins), (ends, found.ended)):
                into += [Shadow(proxy, slot, before) for before in index.covering(slot)]


def _passed_first(proxy: Proxy) -> tuple[_Index, _Index, _Index]:
    """The redirects, the logins, and everything that ends a request for good, in front of all routes."""
    redirects, logins, ends = _Index(), _Index(), _Index()
    if not proxy.http:
        return redirects, logins, ends
    for rule in proxy.rules.get("http-request", ()):
        action = rule.words[0] if rule.words else ""
        if action == "allow":
            # What is allowed passes the rules behind it, and nobody knows what that is.
            break
        if action == "auth":
            logins.add_all(slots(rule, proxy, without_login=True))
        elif action in _ENDING:
            into = (redirects, ends) if action == "redirect" else (ends,)
            for index in into:
                index.add_all(slots(rule, proxy))
    for rule in proxy.rules.get("redirect", ()):
        for index in (redirects, ends):
            index.add_all(slots(rule, proxy))
    return redirects, logins, ends


def _target(rule: Rule) -> str:
    return rule.words[0] if rule.words else ""


_Key = tuple[str, str | None, frozenset[str]]


@dataclass(slots=True)
class _Index:
    """Slots by host, then by path; of several that are the same it is the first."""

    _whole: dict[_Key, tuple[int, Slot]] = field(default_factory=dict)
    _begins: dict[_Key, dict[str, tuple[int, Slot]]] = field(default_factory=dict)
    _exact: dict[_Key, dict[str, tuple[int, Slot]]] = field(default_factory=dict)
    _count: int = 0

    def add_all(self, found: Iterator[Slot]) -> None:
        """Adds them in their order."""
        for slot in found:
            self.add(slot)

    def add(self, slot: Slot) -> None:
        """Adds one, behind all others."""
        key = slot.by, slot.host, slot.rest
        ranked = self._count, slot
        self._count += 1
        if slot.path is None or (slot.path.text == "/" and not slot.path.exact):
            self._whole.setdefault(key, ranked)
        else:
            into = self._exact if slot.path.exact else self._begins
            into.setdefault(key, {}).setdefault(slot.path.text, ranked)

    def cover(self, slot: Slot) -> Slot | None:
        """The first that takes everything that the slot would take."""
        return next(iter(self.covering(slot)), None)

    def covering(self, slot: Slot) -> Sequence[Slot]:
        """Those that take everything that the slot would take, in their order."""
        if not self._count:
            return ()
        found = {rank: each for key in _wider(slot) for rank, each in self._at(key, slot)}
        return [found[rank] for rank in sorted(found)[:_MOST_TOLD]]

    def _at(self, key: _Key, slot: Slot) -> Iterator[tuple[int, Slot]]:
        if key in self._whole:
            yield self._whole[key]
        if slot.path is None:
            return
        text = slot.path.text
        begins = self._begins.get(key)
        if begins:
            for length in {*range(1, min(len(text), _LONGEST_PATH) + 1), len(text)}:
                if text[:length] in begins:
                    yield begins[text[:length]]
        if slot.path.exact and (ranked := self._exact.get(key, {}).get(text)):
            yield ranked


def _wider(slot: Slot) -> Sequence[_Key]:
    """The keys of what may be as wide as the slot: for its host or for any, asking for no more than it does."""
    rests = {frozenset[str](), slot.rest, *(frozenset({each}) for each in sorted(slot.rest)[:8])}
    hosts: list[tuple[str, str | None]] = [("", None)]
    if slot.host is not None:
        hosts.append((slot.by, slot.host))
    return [(by, host, rest) for by, host in hosts for rest in rests]
