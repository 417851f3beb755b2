"""Lint: everything is read, generated and judged, and what is found comes back as it was asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.fingerprint import fingerprint
from lbgen.lint import engine
from lbgen.lint.registry import RULES
from lbgen.lint.rule import Subject
from lbgen.pipeline.lint_filters import Wanted, inline, judged, known, told
from lbgen.pipeline.lint_inputs import read_fleet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from lbgen import source
    from lbgen.finding import Finding, Suppressed
    from lbgen.lint.baseline import Baseline, Entry
    from lbgen.lint.rule import Rule
    from lbgen.pipeline.checking import Checking
    from lbgen.pipeline.lint_inputs import LintInputs
    from lbgen.pipeline.options import Options


@dataclass(slots=True)
class Linted:
    """What was found, the documents that it is about, and those that could not be read.

    `suppressed` are findings that somebody does not want to hear of. `all` are those that a baseline would hold,
    `judged` the entries of the one that there is that could have been found again. `said` is what is to be told of
    HAProxy, where it was asked. `opened` tells whether there was any input that could be opened,
    `undecided` whether options of a package are among the unread.
    """

    findings: list[Finding]
    documents: dict[str, source.Document] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    all: list[Finding] = field(default_factory=list)
    judged: list[Entry] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    opened: bool = True
    undecided: bool = False


EVERYTHING = Wanted()


def lint(
    paths: Sequence[str],
    options: Options,
    *,
    rules: Sequence[Rule] = RULES,
    stdin_name: str | None = None,
    wanted: Wanted = EVERYTHING,
    running: Sequence[source.Document] = (),
    checking: Checking | None = None,
    named: Collection[str] | None = None,
) -> Linted:
    """What the rules, and reading and generating by themselves, find in these files, which are one fleet.

    `running` are documents that say what runs already: their apps and pools, but for those that the files describe too,
    belong to the fleet, and only findings are told that come with the files. With `checking`, HAProxy is asked. Raises
    InputError where `running` cannot be read, ToolError where there is no HAProxy to ask. For `named` see `read_fleet`.
    """
    inputs = read_fleet(paths, options, stdin_name=stdin_name, running=running, named=named)
    findings, said = _found(inputs, rules), list[str]()
    if checking is not None:
        findings, said = _asked(findings, inputs, options, checking)
    ran = _ran(rules, checked=checking is not None)
    kept, suppressed = inline(findings, inputs, ran)
    if running:
        kept = list(_of_the_change(kept, inputs, _found(read_fleet([], options, running=running), rules)))
    kept, more = told(kept, wanted)
    linted = Linted(kept, inputs.documents, inputs.unread, [*suppressed, *more], kept, said=said)
    linted.opened, linted.undecided = inputs.opened, inputs.undecided
    if wanted.baseline is not None:
        _compare(linted, wanted, wanted.baseline, ran)
    return linted


def _asked(
    findings: Iterable[Finding], inputs: LintInputs, options: Options, checking: Checking
) -> tuple[list[Finding], list[str]]:
    """The findings with HAProxy's verdicts, and what is to be told of how it was asked."""
    from lbgen.pipeline.lint_checking import verdicts

    found = list(findings)
    verdict = verdicts(inputs, options, checking)
    return engine.once([*found, *engine.without_doubles(verdict.findings, found)]), verdict.said


def _compare(linted: Linted, wanted: Wanted, baseline: Baseline, ran: frozenset[str]) -> None:
    """Leaves of the findings those that the baseline does not know."""
    linted.judged = list(judged(baseline, linted.documents, wanted, ran))
    linted.findings, more = known(linted, wanted)
    linted.suppressed += more
    linted.documents[baseline.name] = baseline.document


# Found by asking HAProxy only.
_OF_HAPROXY = frozenset({"haproxy-refuses", "haproxy-warns", "haproxy-diagnoses", "haproxy-notes"})


def _ran(rules: Sequence[Rule], *, checked: bool) -> frozenset[str]:
    """The names of the rules that have their say: these, and those that are told."""
    names = {rule.name for rule in RULES if rule.subject is Subject.TOLD} | {rule.name for rule in rules}
    return frozenset(names if checked else names - _OF_HAPROXY)


def _found(inputs: LintInputs, rules: Sequence[Rule]) -> list[Finding]:
    found = engine.run(rules, inputs.fleet)
    return engine.once([*found, *engine.without_repetitions(inputs.told, found)])


def _of_the_change(findings: Iterable[Finding], inputs: LintInputs, before: Iterable[Finding]) -> Iterable[Finding]:
    """The findings that touch a document of the change, and those that were not there before it."""
    there = Counter(map(fingerprint, before))
    for finding in findings:
        places = (finding.origin, *finding.related)
        touches = any(place is not None and place.document not in inputs.running for place in places)
        there[print_ := fingerprint(finding)] -= 1
        if touches or there[print_] < 0:
            yield finding
