"""From the options of `lbgen lint` and the settings to what lint is asked for."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lbgen.cli.balancer import described
from lbgen.cli.live import listening_of
from lbgen.errors import UsageError
from lbgen.lint.selection import Layer, Word, matching, selection, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.config import Settings
    from lbgen.finding import Severity
    from lbgen.lint.rule import Rule
    from lbgen.lint.selection import Selection
    from lbgen.origin import Origin
    from lbgen.pipeline.lint_filters import Wanted
    from lbgen.pipeline.options import Options


def options_of(given: Mapping[str, Any]) -> Options:
    """The load balancer as the options describe it; raises UsageError where they do not go together."""
    from lbgen.pipeline.options import Options

    listening, listening_from = listening_of(given)
    return Options(
        **described(given, given["ssl_certs"]),
        lb_addresses=given["lb_addresses"],
        shared_nodes=tuple(_names(text) for text in given["shared_nodes"]),
        public_agents=given["public_agents"],
        listening=listening,
        listening_from=listening_from,
        reservations=given.get("reservations", ()),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def wanted_of(given: Mapping[str, Any], settings: Settings, rules: Sequence[Rule]) -> Wanted:
    """What is to be told; `given` are the options with the settings in them.

    Raises UsageError for a rule that does not exist.
    """
    from lbgen.pipeline.lint_filters import Wanted

    return Wanted(
        selection=_selection(given, settings, rules),
        severities=_severities(settings),
        per_path=_table(settings.lint.per_path_ignores, settings.places.get("lint.per-path-ignores")),
        per_app=_table(settings.lint.per_app_ignores, settings.places.get("lint.per-app-ignores")),
        directory=settings.directory,
    )


def _selection(given: Mapping[str, Any], settings: Settings, rules: Sequence[Rule]) -> Selection:
    said, places = settings.lint, settings.places
    of_file = Layer(
        None if said.select is None else split(said.select, places.get("lint.select")),
        split(said.ignore or (), places.get("lint.ignore")),
        split(said.extend_select or (), places.get("lint.extend-select")),
    )
    line = given["on_line"]
    of_line = Layer(split(line["select"]) or None, split(line["ignore"]), split(line["extend_select"]))
    pedantic = given["pedantic"] or given["fail_on"] == "info"
    found = selection(
        (of_file, of_line), pedantic=pedantic, pedantic_rules=[rule.name for rule in rules if rule.pedantic]
    )
    if not given["family"]:
        return found
    within = found.rules & matching(given["family"])
    return found._replace(rules=within, named=found.named | (within & _ANSWERS), only=True)


# Whoever asks whether things fit together wants to hear it when they do.
_ANSWERS = frozenset({"public-node-ports"})


def _severities(settings: Settings) -> dict[str, Severity]:
    from lbgen.finding import Severity

    origin = settings.places.get("lint.severity")
    given = {Word(text, origin): Severity[name.upper()] for text, name in settings.lint.severity.items()}
    # Of a family and a rule of it, the rule counts.
    ordered = sorted(given.items(), key=lambda it: (it[0].named, len(it[0].text)))
    return {rule: severity for word, severity in ordered for rule in word.rules}


def _table(table: Mapping[str, Sequence[str]], origin: Origin | None) -> dict[str, tuple[Word, ...]]:
    """The words of each pattern; raises UsageError where one of them stands for no rule."""
    found = {glob: split(words, origin) for glob, words in table.items()}
    for word in itertools.chain.from_iterable(found.values()):
        word.insist()
    return found


def files_of(paths: Sequence[str], given: Mapping[str, Any], settings: Settings) -> list[str]:
    """The files that the paths stand for, without those that are excluded, and without the baseline.

    Patterns of the command line see paths from here, those of the settings from their directory.
    """
    from lbgen import source
    from lbgen.pipeline.lint_inputs import SUFFIXES

    base = "." if given["on_line"]["exclude"] else settings.directory
    globs = [glob.strip() for each in given["exclude"] for glob in each.split(",") if glob.strip()]
    baseline = baseline_of(given, settings)
    own = {os.path.realpath(baseline)} if baseline is not None else set()
    names = source.find_documents(paths, SUFFIXES)
    if globs:
        from lbgen.fingerprint import relative
        from lbgen.lint.globs import matches_path

        names = [name for name in names if not any(matches_path(relative(name, base), glob) for glob in globs)]
    return [name for name in names if not own or os.path.realpath(name) not in own]


def baseline_of(given: Mapping[str, Any], settings: Settings) -> Path | None:
    """The file of the baseline, as seen from here, or None; raises UsageError where one is to be written, and none."""
    line = given["on_line"]["baseline"]
    if line is not None:
        return Path(line) if line else None
    if settings.lint.baseline is not None:
        return Path(settings.directory, settings.lint.baseline)
    if given["write_baseline"]:
        help_ = "name it with --baseline FILE, or with baseline in the settings"
        raise UsageError("--write-baseline: there is no file to write to", help=help_)
    return None
