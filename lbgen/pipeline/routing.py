"""Routing: where a request goes in every configuration that files describe, or lead to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.pipeline.lint_inputs import read_fleet
from lbgen.routing.route import route

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.subjects import Configuration
    from lbgen.origin import Origin
    from lbgen.pipeline.lint_inputs import LintInputs
    from lbgen.pipeline.options import Options
    from lbgen.routing.answer import Answer, Step
    from lbgen.routing.request import Request
    from lbgen.routing.table import Table

_MOST_BYTES = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Routed:
    """What a configuration does with the request."""

    configuration: Configuration
    answer: Answer

    def origin(self, step: Step) -> Origin | None:
        """The value that a rule comes from; None where it is lbgen's own, or the line stands in a file as it is."""
        configuration = self.configuration
        return configuration.origin(step.rule.line, step.verdict.why) if configuration.generated else None


@dataclass(frozen=True, slots=True)
class Routes:
    """The answers of all configurations, and what they were read from."""

    routed: Sequence[Routed]
    inputs: LintInputs


def routes(paths: Sequence[str], request: Request, options: Options, *, stdin_name: str | None = None) -> Routes:
    """Where the request goes in every configuration: of apps by group, of pools, and in haproxy.cfg files.

    Maps and lists of patterns that a haproxy.cfg file names are read where they are: beside it, or at their paths.
    """
    inputs = read_fleet(paths, options, stdin_name=stdin_name)
    made = (
        Routed(each, route(request, each.table, {**files_of(each), **each.files}))
        for each in inputs.fleet.configurations
    )
    return Routes(list(made), inputs)


def files_of(configuration: Configuration) -> dict[str, str]:
    """The texts of the files that a hand-written configuration reads, by path; those that are not there are missing."""
    if configuration.generated:
        return {}
    beside = Path(configuration.config.name).parent
    texts: dict[str, str] = {}
    for name in dict.fromkeys(_named(configuration.table)):
        for path in (beside / name, beside / Path(name).name):
            if (text := _text(path)) is not None:
                texts.setdefault(name, text)
    return texts


def _named(table: Table) -> Iterator[str]:
    """The files of maps and patterns that the table names, those within expressions of rules included."""
    for proxy in {id(each): each for each in (*table.frontends, *table.backends.values())}.values():
        yield from proxy.files()


def _text(path: Path) -> str | None:
    try:
        if path.is_file() and path.stat().st_size <= _MOST_BYTES:
            return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        pass
    return None
