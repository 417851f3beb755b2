"""Redirects to https are evaluated before all routes: which paths of other services they have to spare."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.marathon.routing import HTTP, case_of
from lbgen.model.plan import Fragment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.marathon.fragments import Pieces
    from lbgen.model.service import Service
    from lbgen.render.templates import Templates


class Redirect(NamedTuple):
    """A redirect of one vhost, and the services whose paths it leaves alone."""

    hostname: str
    spared: tuple[Service, ...]


def redirects(services: Sequence[Service], operators: Mapping[str, str]) -> Iterator[tuple[Service, list[Redirect]]]:
    """The redirects that have something to spare: paths of services that stand before them and do not redirect.

    Where a label, or one of the `operators` texts, replaces a rule on 80, nobody knows what it matches: such services
    neither spare anything nor are they spared.
    """
    ranks = {id(service): rank for rank, service in enumerate(sorted(services, key=lambda service: -service.weight))}
    known = [service for service in services if service.vhosts and not _replaced(service, operators)]
    routes = _open_routes(known)
    for service in known:
        if service.redirect_to_https and _plain(service.path or ""):
            found = [Redirect(vhost, tuple(_before(service, routes.get(vhost), ranks))) for vhost in service.vhosts]
            if any(redirect.spared for redirect in found):
                yield service, found


class Sparing:
    """Writes redirects that leave the paths of other services alone, each list of paths once."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._named: dict[tuple[int, ...], str] = {}

    def fragments(self, pieces: Pieces, redirects: Sequence[Redirect]) -> Iterator[Fragment]:
        """The redirects of a service, and the ACLs that they need and nobody has written yet."""
        own = f" {{ path_beg {pieces.service.path} }}" if pieces.service.path else ""
        for number, redirect in enumerate(redirects):
            spared = tuple(id(other) for other in redirect.spared)
            if spared and spared not in self._named:
                self._named[spared] = f"spared_{pieces.values['backend']}_{number}"
                yield from self._acl(self._named[spared], redirect.spared)
            routes = f"{own} !{self._named[spared]}" if spared else own
            yield pieces.fragment("PORTABLE_REDIRECT_HTTP_TO_HTTPS", hostname=redirect.hostname, routes=routes)

    def _acl(self, name: str, others: Sequence[Service]) -> Iterator[Fragment]:
        text = self._templates.text("PORTABLE_SPARED_PATH")
        for other in others:
            # The line is the other's: what is wrong with its path is not to be held against who spares it.
            yield Fragment("PORTABLE_SPARED_PATH", text, {"spared": name, "path": other.path}, other)


def _replaced(service: Service, operators: Mapping[str, str]) -> bool:
    if not service.overrides and not operators:
        return False
    templates = (step.template for step in HTTP[case_of(service)])
    return any(template in service.overrides or template in operators for template in templates)


def _plain(path: str) -> bool:
    """Whether the path may stand between the braces of a condition."""
    return not set("{}") & set(path)


def _open_routes(services: Sequence[Service]) -> dict[str, _Routes]:
    routes: dict[str, _Routes] = {}
    for service in services:
        if service.path and not service.redirect_to_https:
            for vhost in service.vhosts:
                routes.setdefault(vhost, _Routes()).add(service)
    return routes


def _before(service: Service, routes: _Routes | None, ranks: dict[int, int]) -> list[Service]:
    found = routes.overlapping(service.path) if routes else ()
    return sorted((each for each in found if ranks[id(each)] < ranks[id(service)]), key=lambda each: ranks[id(each)])


@dataclass(slots=True)
class _Routes:
    """The services that own a path of one vhost."""

    _all: dict[int, Service] = field(default_factory=dict)
    _by_word: dict[str, list[Service]] = field(default_factory=dict)
    _words: list[str] = field(default_factory=list)
    _any: list[Service] = field(default_factory=list)

    def add(self, service: Service) -> None:
        """Adds a service that has a path."""
        self._all[id(service)] = service
        words = (service.path or "").split()
        if any(word.startswith("-") for word in words):
            # With options such as -i its words are no beginnings of paths any more.
            self._any.append(service)
            return
        for word in words:
            if word not in self._by_word:
                insort(self._words, word)
            self._by_word.setdefault(word, []).append(service)

    def overlapping(self, path: str | None) -> list[Service]:
        """The services that might be meant by requests that begin with the path, or with any if there is none."""
        words = (path or "").split()
        if not words or any(word.startswith("-") for word in words):
            return list(self._all.values())
        found = {id(service): service for service in self._any}
        for word in words:
            longer = self._words[bisect_left(self._words, word) : bisect_right(self._words, word + "\U0010ffff")]
            shorter = (word[:length] for length in range(1, len(word)) if word[:length] in self._by_word)
            found |= {id(service): service for each in (*longer, *shorter) for service in self._by_word[each]}
        return list(found.values())
