"""A section or a server has a name that HAProxy refuses, or is about to refuse.

## What it does

Looks for sections of one kind and one name, for a frontend and a backend of one name, for two servers of one name in
a backend, and for names with characters other than letters, digits, `-`, `_`, `.` and `:`. In a generated configuration
only what a label or an operator wrote is looked at.

## Why is this bad?

Two frontends of one name were always refused. A frontend and a backend of one name, and two servers of one name, were
fine up to HAProxy 3.0, are warned about by 3.1 and 3.2, and are refused from 3.3 on.

## Use instead

A name for each; `listen` where a frontend and a backend belong together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.haproxy.words import read_line
from lbgen.lint.directives import Blamed, conditional_blocks
from lbgen.lint.rule import Problem
from lbgen.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Directive, Section
    from lbgen.lint.subjects import Configuration

_SIDES = {"frontend": ("frontend",), "backend": ("backend",), "listen": ("frontend", "backend")}
_UNIQUE = frozenset({"resolvers", "cache", "mailers", "fcgi-app", "ring", "http-errors"})
_BAD = regex(r"[^A-Za-z0-9_.:-]")
_WARNED_FROM, _REFUSED_FROM = (3, 1), (3, 3)


def check(configuration: Configuration) -> Iterator[Problem]:
    """Every name that is taken, or that HAProxy cannot read."""
    skipped = conditional_blocks(configuration).skipped
    if not configuration.generated:
        yield from _sections(configuration, skipped)
    blamed = Blamed(configuration)
    for section in configuration.config.sections:
        if section.kind in {"backend", "listen"}:
            yield from _servers(section, configuration, blamed, skipped)


def _sections(configuration: Configuration, skipped: frozenset[int]) -> Iterator[Problem]:
    owners: dict[tuple[str, str], Section] = {}
    for section in configuration.config.sections:
        words = read_line(configuration.config.text_at(section.line)).words
        origin = configuration.origin(section.line)
        if not section.name or section.line in skipped or origin is None or any(word.variables for word in words):
            continue
        if section.kind in _SIDES and (bad := _BAD.search(section.name)):
            yield Problem(_holds(section.name, bad), origin, "use letters, digits and -_.:")
        sides = _SIDES.get(section.kind, (section.kind,) if section.kind in _UNIQUE else ())
        for side in sides:
            first = owners.setdefault((side, section.name), section)
            if first is not section:
                message = f"the name '{section.name}' is taken by the {first.kind} in line {first.line}"
                yield Problem(message, origin, "give it a name of its own")
                break
        else:
            yield from _other_side(section, owners, configuration)


def _holds(name: str, bad: re.Match[str]) -> str:
    return f"the name '{name:.60}' holds {bad[0]!r}"


def _other_side(
    section: Section, owners: dict[tuple[str, str], Section], configuration: Configuration
) -> Iterator[Problem]:
    other = {"frontend": "backend", "backend": "frontend"}.get(section.kind, "")
    first, origin = owners.get((other, section.name)), configuration.origin(section.line)
    severity = _severity(configuration)
    if first is not None and origin is not None and severity is not None:
        message = f"the {first.kind} in line {first.line} has the name '{section.name}' too"
        yield Problem(message, origin, "HAProxy refuses that from 3.3 on: rename one of them", severity=severity)


def _severity(configuration: Configuration) -> Severity | None:
    version = configuration.context.version
    if version < _WARNED_FROM:
        return None
    return Severity.ERROR if version >= _REFUSED_FROM else Severity.WARNING


def _servers(
    section: Section, configuration: Configuration, blamed: Blamed, skipped: frozenset[int]
) -> Iterator[Problem]:
    severity = _severity(configuration)
    seen: dict[str, Directive] = {}
    for server in section.named("server"):
        name = server.values[0] if server.values and not server.args[0].variables else ""
        if not name or server.line in skipped:
            continue
        first, bad = seen.setdefault(name, server), _BAD.search(name)
        again = first is not server and severity is not None and not configuration.generated
        where = blamed.of(server, server.args[:1]) if bad or again else None
        if where is not None:
            yield Problem(
                _holds(name, bad) if bad else f"the server in line {first.line} has the name '{name}' too",
                where.at(server.args[:1]),
                "use letters, digits and -_.:" if bad else "HAProxy refuses that from 3.3 on: rename one of them",
                config=configuration.line(server),
                severity=Severity.ERROR if bad else severity,
            )
