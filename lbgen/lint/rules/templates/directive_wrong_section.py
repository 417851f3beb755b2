"""A directive stands in a section where it has no effect, or where HAProxy refuses it.

## What it does

Looks for words that the target (`--target`) knows, and ignores or refuses in this kind of section: `timeout client` or
`option httplog` in a backend, `balance` in a frontend, `bind` in `defaults`.

## Why is this bad?

An ignored line says something that is not so: who writes `timeout client 1h` into a backend has a frontend that closes
after its own timeout all the same. HAProxy warns on starting, where nobody looks. A line that it refuses makes the
whole configuration invalid.

## Use instead

Put what is about clients into the frontend (in Marathon-LB's labels: `HAPROXY_{n}_FRONTEND_HEAD`), and what is about
servers into the backend (`HAPROXY_{n}_BACKEND_HEAD`, `HAPROXY_{n}_BACKEND_HTTP_OPTIONS`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Fix, Severity
from lbgen.haproxy.keywords import Standing, tables
from lbgen.lint.directives import Blamed, called, judged
from lbgen.lint.rule import Problem
from lbgen.marathon.labels import split_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.directives import Judged, Written
    from lbgen.lint.subjects import Configuration

_HOMES = ("frontend", "backend", "listen", "defaults", "global")
_SIDES = {
    "frontend": "FRONTEND_HEAD",
    "backend": "BACKEND_HEAD",
}


def check(configuration: Configuration) -> Iterator[Problem]:
    """Every directive that is ignored or refused where it stands."""
    blamed = Blamed(configuration)
    for each in judged(configuration):
        ignored = each.standing is Standing.IGNORED
        if (ignored or each.standing is Standing.REFUSED) and (where := blamed.of(each.directive, each.words)):
            verb = "has no effect" if ignored else "is refused"
            yield Problem(
                f"'{each.phrase.text}' {verb} in {called(each.place)}",
                where.at(each.words),
                _help(each, configuration, where),
                config=configuration.line(each.directive),
                fix=_fix(where) if ignored else None,
                severity=Severity.WARNING if ignored else Severity.ERROR,
            )


def _help(each: Judged, configuration: Configuration, where: Written) -> str:
    known, version = tables(), configuration.context.version
    homes = [home for home in _HOMES if known.standing(home, each.phrase.text, version) is Standing.KNOWN]
    if each.place == "defaults" and known.standing("named defaults", each.phrase.text, version) is Standing.KNOWN:
        return "give the defaults section a name, and let proxies ask for it with 'from'"
    if not homes:
        return "drop the line"
    side = _side(homes[0], where)
    if homes[0] == "frontend" and each.place == "backend":
        place = f" in {side}" if side else " there"
        return f"the frontend's own applies; drop the line, or set it{place}"
    return f"it belongs into {called(homes[0])}{f', as in {side}' if side else ''}"


def _side(home: str, where: Written) -> str:
    """The label of the same service port for that side of it; empty where no label wrote the line."""
    label = where.because.label if where.because is not None else None
    numbered = split_name(label) if label else None
    return f"HAPROXY_{numbered[0]}_{_SIDES[home]}" if numbered and home in _SIDES else ""


def _fix(where: Written) -> Fix | None:
    """The line goes, which nothing notices; whoever wrote it wanted something, so that is for them to say."""
    if where.text is None:
        return None
    edit = where.replaced(len(where.text) - len(where.text.lstrip()), len(where.text), "")
    return Fix("drop the line", (edit,), safe=False) if edit else None
