"""Two states of a load balancer: files of haproxy.cfg, or what is generated from apps and pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen import source
from lbgen.errors import UsageError
from lbgen.finding import Severity
from lbgen.haproxy.annotation import annotation
from lbgen.haproxy.parse import parse
from lbgen.pipeline.lint_inputs import read_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.finding import Finding
    from lbgen.haproxy.parse import Config
    from lbgen.lint.subjects import Configuration
    from lbgen.origin import SourceMap
    from lbgen.pipeline.options import Options


class State(NamedTuple):
    """A configuration, and where its lines come from, where lbgen knows."""

    config: Config
    source_map: SourceMap | None = None

    def whose(self, line: int, hint: str = "") -> tuple[str | None, str | None]:
        """The app and the label that line `line` (from 1) comes from; None for what is not known."""
        if self.source_map is not None:
            because = self.source_map.because(line, hint)
            return (because.app, because.label) if because is not None else (None, None)
        said = annotation(self.config.text_at(line))
        return (said.app, said.label) if said is not None else (None, None)


class Side(NamedTuple):
    """One side of a comparison: its states by group or pool, "" for a file, and what was said on the way."""

    states: Mapping[str, State]
    documents: Mapping[str, source.Document]
    findings: list[Finding]


def read_side(path: str, options: Options) -> Side:
    """What the path leads to: a haproxy.cfg as it is, apps and pools as configurations.

    Raises InputError where a file cannot be read, UsageError where nothing can be generated of it.
    """
    if path.endswith(".cfg"):
        document = source.read(path)
        return Side({"": State(parse(document.text, path))}, {path: document}, [])
    inputs = read_fleet([path], options)
    states = {each.balancer: State(each.config, each.source_map) for each in inputs.fleet.configurations if _made(each)}
    if not states:
        told = next((each.message for each in inputs.told if each.severity is Severity.ERROR), "there is no app in it")
        raise UsageError(f"{path}: no configuration can be generated: {told}")
    errors = [each for each in inputs.told if each.severity is Severity.ERROR]
    return Side(states, inputs.documents, errors)


def _made(configuration: Configuration) -> bool:
    return configuration.generated


class Pair(NamedTuple):
    """The two states of one load balancer; one may be missing."""

    name: str
    old: State | None
    new: State | None


def pairs(old: Side, new: Side) -> Iterator[Pair]:
    """What is compared with what: groups and pools of one name, or the only ones that there are."""
    if len(old.states) == len(new.states) == 1:
        (before,), (after,) = old.states.values(), new.states.values()
        yield Pair("", before, after)
        return
    for name in dict.fromkeys([*old.states, *new.states]):
        yield Pair(name, old.states.get(name), new.states.get(name))
