"""Ports that speak TLS, and the hosts that their rules tell apart by the name in the handshake."""

from __future__ import annotations

from dataclasses import field
from enum import Enum, auto
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.haproxy.parse import Config, Directive, Section


class Offer(Enum):
    """Whether HTTP/2 is offered, and who says so."""

    NOT = auto()
    BY_HAPROXY = auto()
    BY_ITS_WORDS = auto()


class Door(NamedTuple):
    """A bind line with TLS."""

    bind: Directive
    offer: Offer


@dataclass(slots=True)
class Doors:
    """The bind lines with the same certificates, and the hosts that the rules behind them compare."""

    doors: list[Door] = field(default_factory=list)
    hosts: dict[str, None] = field(default_factory=dict)


def doors(config: Config, *, by_itself: bool) -> Iterable[Doors]:
    """The doors by their certificates; `by_itself` tells whether HAProxy offers h2 where nobody says anything."""
    found: dict[tuple[str, ...], Doors] = {}
    for section in config.sections:
        if section.kind not in {"frontend", "listen"}:
            continue
        hosts = dict.fromkeys(_hosts(section))
        for bind in section.named("bind") if hosts else ():
            values = bind.values
            if "ssl" in values:
                same = found.setdefault(_behind("crt", values), Doors())
                same.doors.append(Door(bind, _offer(values, by_itself=by_itself)))
                same.hosts |= hosts
    return found.values()


def _offer(values: tuple[str, ...], *, by_itself: bool) -> Offer:
    alpn = _behind("alpn", values)
    if alpn:
        return Offer.BY_ITS_WORDS if "h2" in alpn[-1].split(",") else Offer.NOT
    return Offer.BY_HAPROXY if by_itself and "no-alpn" not in values else Offer.NOT


def _behind(word: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(after for before, after in pairwise(values) if before == word)


def _hosts(section: Section) -> Iterator[str]:
    """The hosts, or patterns of hosts, that the rules of the section compare with the name of the handshake."""
    for directive in section.directives:
        if "ssl_fc_sni" in directive.raw:
            yield from _compared(directive.values)


_WITH_A_WORD = frozenset({"-m", "-f", "-n"})
"""Flags of a condition that the next word belongs to."""


def _compared(values: Iterable[str]) -> Iterator[str]:
    compared, flag = False, ""
    for value in values:
        if value == "}":
            compared = False
        elif value.startswith("ssl_fc_sni"):
            compared = True
        elif compared and not value.startswith("-") and flag not in _WITH_A_WORD:
            yield value.lower()
        flag = value
