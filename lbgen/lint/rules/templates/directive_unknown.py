"""HAProxy does not know a directive, not in this section or not in this version.

## What it does

Compares the first words of each line, and the options of `bind` and `server` lines, with what the target (`--target`)
knows in this kind of section. The tables are made of what HAProxy 2.2, 2.6, 3.0 and 3.2 say themselves; for a newer
target a word that 3.2 does not know is a warning.

Lines that the target never reads (`.if version_atleast(3.1)`) are left alone, and so are words that environment
variables make, and those that depend on how HAProxy was built.

## Why is this bad?

One unknown word makes the whole configuration invalid, for every app.

## Use instead

The word that was meant; `haproxy -dKall -q -c -f /dev/null` lists those that a HAProxy of your own knows, from 2.6 on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.haproxy.keywords import Standing, sections_of, tables, words_of
from lbgen.lint.directives import Blamed, called, judged
from lbgen.lint.frames import unknown_conditionals, unknown_sections
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.directives import Judged, Written
    from lbgen.lint.subjects import Configuration


def check(configuration: Configuration) -> Iterator[Problem]:
    """Every unknown directive, option, conditional line and kind of section."""
    blamed = Blamed(configuration)
    version = configuration.context.version
    newest = tables().versions[-1]
    for each in judged(configuration):
        if each.standing is Standing.UNKNOWN and each.section.kind in {"", *sections_of(version)}:
            where = blamed.of(each.directive, each.words)
            if where is not None:
                near = _near(each, configuration)
                yield Problem(
                    _message(each, configuration),
                    where.at(each.words),
                    f"did you mean '{near}'?" if near else _help(each, configuration),
                    config=configuration.line(each.directive),
                    fix=_fix(each, where, near),
                    severity=Severity.WARNING if version > newest else Severity.ERROR,
                )
    yield from unknown_sections(configuration)
    yield from unknown_conditionals(configuration, blamed)


def _message(each: Judged, configuration: Configuration) -> str:
    text = each.phrase.text
    if not each.section.kind:
        return f"'{text}' stands in front of the first section"
    since = tables().since(each.place, text)
    if since is not None and since > configuration.context.version:
        return f"HAProxy {configuration.context.target} does not know '{text}' in {called(each.place)} yet"
    return f"HAProxy {configuration.context.target} does not know '{text}' in {called(each.place)}"


def _help(each: Judged, configuration: Configuration) -> str:
    known, version = tables(), configuration.context.version
    since = known.since(each.place, each.phrase.text)
    if since is not None and since > version:
        return f"HAProxy {since[0]}.{since[1]} does"
    homes = [place for place in known.sections if known.standing(place, each.phrase.text, version) is Standing.KNOWN]
    return f"it belongs into {called(homes[0])}" if homes else "drop the line, or write what HAProxy's manual says"


def _near(each: Judged, configuration: Configuration) -> str | None:
    """The keyword that was probably meant."""
    from difflib import get_close_matches

    known = words_of(each.place, configuration.context.version)
    return next(iter(get_close_matches(each.phrase.text, known, n=1, cutoff=0.82)), None)


def _fix(each: Judged, where: Written, near: str | None) -> Fix | None:
    if near is None or where.text is None or "*" in near:
        return None
    words = each.words[each.phrase.negated :]
    start = where.text.find(words[0].raw)
    end = where.text.find(words[-1].raw, max(start, 0)) + len(words[-1].raw)
    edit = where.replaced(start, end, near) if start >= 0 and end > start else None
    return Fix(f"write '{near}'", (edit,), safe=False) if isinstance(edit, Edit) else None
