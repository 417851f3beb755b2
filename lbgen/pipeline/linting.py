"""Lint: everything is read, generated and judged, and what is found comes back in one list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lbgen.lint import engine
from lbgen.lint.registry import RULES
from lbgen.pipeline.lint_inputs import read_fleet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen import source
    from lbgen.finding import Finding
    from lbgen.lint.rule import Rule
    from lbgen.pipeline.options import Options


@dataclass(slots=True)
class Linted:
    """What was found, the documents that it is about, and those that could not be read."""

    findings: list[Finding]
    documents: dict[str, source.Document] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


def lint(
    paths: Sequence[str], options: Options, *, rules: Sequence[Rule] = RULES, stdin_name: str | None = None
) -> Linted:
    """What the rules, and reading and generating by themselves, find in these files, which are one fleet."""
    inputs = read_fleet(paths, options, stdin_name=stdin_name)
    found = engine.run(rules, inputs.fleet)
    told = list(engine.without_repetitions(inputs.told, found))
    return Linted(list(dict.fromkeys([*found, *told])), inputs.documents, inputs.unread)
