"""A configuration in several files, so that HAProxy tells as much of it in one run as it can.

HAProxy gives up a file behind 50 errors, and everything at a rule for requests that it refuses. So the sections of
apps that are not known to be good, and bring text of their own, are in small files of their own, which come last.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.marathon.names import backend_name
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.model.service import Service

_HEADER = regex(r"^(global|defaults|userlist|frontend|backend|listen)\b[ \t]*(\S*)", re.MULTILINE)
_MOST_SECTIONS = 40
"""Sections of lbgen's own text that share a file: with one error or two each, all of them are told."""
_MOST_LINES = 45
"""Lines that share a file where any of them may be wrong."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a configuration; `line` is the line (from 1) that it begins with, `rank` its place in the order."""

    rank: int
    line: int
    text: str


_FIRST, _PLAIN, _SHARED, _LAST = range(4)
NOBODY: Mapping[str, int] = MappingProxyType({})


def in_pieces(text: str, services: Iterable[Service], last: Mapping[str, int]) -> Sequence[Piece]:
    """The text in pieces, in the order in which HAProxy is to read them; the apps in `last` come last, by rank."""
    owners = _owners(services)
    pieces = list(_pieces(text, owners, last))
    return sorted(pieces, key=lambda piece: (piece.rank, piece.line)) if last else pieces


def _owners(services: Iterable[Service]) -> dict[str, str]:
    """Apps by the names of the sections that are theirs alone; an app is told by its document."""
    owners = {}
    for service in services:
        name = backend_name(service.app.id, service.port)
        owners[name] = owners[f"{name}_in"] = service.app.document
    return owners


def _pieces(text: str, owners: dict[str, str], last: Mapping[str, int]) -> Iterator[Piece]:
    begin, line, rank, count = 0, 1, _FIRST, 0
    headers = list(_HEADER.finditer(text))
    for header, end in zip(headers, [*(each.start() for each in headers[1:]), len(text)], strict=False):
        found = _rank(header, owners, last)
        count += 1
        if found == rank and _has_room(rank, count, text, begin, end):
            continue
        if header.start() > begin:
            yield Piece(rank, line, text[begin : header.start()])
            line += text.count("\n", begin, header.start())
        begin, rank, count = header.start(), found, 1
    yield Piece(rank, line, text[begin:])


def _has_room(rank: int, count: int, text: str, begin: int, end: int) -> bool:
    """Whether HAProxy tells of everything in a file with these sections."""
    if rank < _LAST:
        return rank in {_FIRST, _PLAIN} and count < _MOST_SECTIONS
    return text.count("\n", begin, end) < _MOST_LINES


def _rank(header: re.Match[str], owners: dict[str, str], last: Mapping[str, int]) -> int:
    if header[1] in {"global", "defaults", "userlist"} or header[2] == "stats":
        return _FIRST
    owner = owners.get(header[2])
    if owner is None:
        return _SHARED
    return _LAST + last[owner] if owner in last else _PLAIN
