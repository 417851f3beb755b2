"""`lbgen haproxy diff`: what a change of apps, pools or files does to haproxy.cfg, and whose lines these are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from lbgen.cli.options import target
from lbgen.cli.streams import put, results, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.haproxy.compare import SectionChange
    from lbgen.pipeline.comparing import Pair

_EPILOG = """Exit status: 0 nothing differs, 1 something does, 2 could not be told.

OLD and NEW are haproxy.cfg files (FILE.cfg; those of --annotate know their apps), or apps and pools: files or
directories, of which configurations are generated. Blanks, comments and the order of sections do not count."""


@click.command(epilog=_EPILOG)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--unified", is_flag=True, help="The whole texts as a unified diff.")
@click.option("--group", "groups", multiple=True, help="Look at this group only. Repeatable.")
@click.option("--dialect", type=click.Choice(["portable", "marathon-lb"]), default="portable", show_default=True)
@target
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours.")
@click.option("-q", "--quiet", is_flag=True, help="Tell errors only.")
def command(old: str, new: str, **given: Any) -> int:
    """Show what differs between two configurations."""
    from lbgen.cli.telling import tell
    from lbgen.pipeline.comparing import pairs, read_side
    from lbgen.pipeline.options import Options
    from lbgen.report import wants_color

    options = Options(groups=given["groups"], dialect=given["dialect"], target=given["target"])
    before, after = read_side(old, options), read_side(new, options)
    for side in (before, after):
        tell(side.findings, side.documents, {**given, "verbose": False})
    found = list(pairs(before, after))
    flag = {"auto": None, "always": True, "never": False}[given["color"]]
    with results() as stream:
        color, safe = wants_color(stream, os.environ, flag), stream.isatty()
    several = len(found) > 1
    lines, differing = [], []
    for pair in found:
        sections = _sections(pair)
        differing += sections
        shown = _unified(pair, (old, new), color, safe) if given["unified"] else _changes(pair, sections, color)
        lines += [*([f"== {pair.name} =="] if several and sections and not given["unified"] else []), *shown]
    put("".join(f"{line}\n" for line in lines))
    _say(differing, given)
    return int(bool(lines))


def _say(differing: list[SectionChange], given: Mapping[str, Any]) -> None:
    from lbgen.report.changes import summary

    if not given["quiet"]:
        say(f"lbgen: {summary(differing)}")


def _sections(pair: Pair) -> list[SectionChange]:
    from lbgen.haproxy.compare import compare
    from lbgen.haproxy.parse import parse

    nothing = parse("")
    return compare(pair.old.config if pair.old else nothing, pair.new.config if pair.new else nothing)


def _changes(pair: Pair, sections: list[SectionChange], color: bool) -> Iterator[str]:
    from lbgen.report.changes import changes

    sides = {"-": pair.old, "+": pair.new}

    def whose(change: Any) -> tuple[str | None, str | None]:
        state = sides[change.sign]
        return state.whose(change.line, change.text) if state is not None else (None, None)

    return changes(sections, whose, color=color)


def _unified(pair: Pair, names: tuple[str, str], color: bool, safe: bool) -> Iterator[str]:
    from lbgen.report.diff import unified

    old, new = (str(state.config) if state is not None else "" for state in (pair.old, pair.new))
    suffix = f" ({pair.name})" if pair.name else ""
    before, after = (f"{name}{suffix}" for name in names)
    return (line.removesuffix("\n") for line in unified(before, old, new, to=after, color=color, safe=safe))
