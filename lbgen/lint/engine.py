"""Rules applied to subjects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.finding import Finding, Severity
from lbgen.lint.rule import Subject
from lbgen.lint.subjects import App

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lbgen.lint.rule import Problem, Rule
    from lbgen.lint.subjects import Fleet
    from lbgen.origin import Origin


def run(rules: Iterable[Rule], fleet: Fleet) -> list[Finding]:
    """What the rules find, in no order; a rule that fails is a finding of its own, and the others go on."""
    return [finding for rule in rules if rule.subject is not Subject.TOLD for finding in _findings(rule, fleet)]


def _findings(rule: Rule, fleet: Fleet) -> Iterator[Finding]:
    for subject in _subjects(rule.subject, fleet):
        try:
            for problem in rule.check(subject):
                yield _finding(rule, problem)
        except Exception as error:  # noqa: BLE001 - whatever an input holds, the other rules have their say
            yield _failed(rule, subject, error)


def _subjects(kind: Subject, fleet: Fleet) -> Sequence[Any]:
    of_kind: dict[Subject, Sequence[Any]] = {
        Subject.APP: fleet.apps,
        Subject.POOL: (*fleet.pools, *fleet.refused),
        Subject.FLEET: (fleet,),
        Subject.CONFIG: fleet.configurations,
    }
    return of_kind[kind]


def _finding(rule: Rule, problem: Problem) -> Finding:
    return Finding(
        rule.name,
        rule.severity if problem.severity is None else problem.severity,
        problem.message,
        problem.origin,
        problem.config,
        problem.help,
        problem.related,
        fix=problem.fix,
    )


def _failed(rule: Rule, subject: Any, error: Exception) -> Finding:
    said = f"{type(error).__name__}: {error}"
    message = f"made the rule {rule.name} fail, which is a mistake of lbgen's: {said:.200}"
    return Finding("internal-error", Severity.ERROR, message, _where(subject), help="please report it, with the input")


def _where(subject: Any) -> Origin | None:
    return subject.origin if isinstance(subject, App) else None


class _Place(NamedTuple):
    document: str
    pointer: str


# What is told of a whole app, and rules that find the very value.
_SAID_BETTER = {"bad-port": "port-range"}


def without_repetitions(told: Iterable[Finding], found: Sequence[Finding]) -> Iterator[Finding]:
    """Those of `told` of whose value no rule says as much already."""
    worst: dict[_Place, Severity] = {}
    better: set[tuple[str, str | None]] = set()
    for finding in found:
        if finding.origin is not None and finding.origin.pointer:
            place = _Place(finding.origin.document, finding.origin.pointer)
            worst[place] = max(finding.severity, worst.get(place, Severity.INFO))
        if finding.rule in _SAID_BETTER.values() and finding.severity is Severity.ERROR:
            better.add((finding.rule, _bare(finding.app)))
    for finding in told:
        if (_SAID_BETTER.get(finding.rule, ""), _bare(finding.app)) in better:
            continue
        said = worst.get(_Place(finding.origin.document, finding.origin.pointer)) if finding.origin else None
        if said is None or said < finding.severity:
            yield finding


def _bare(app: str | None) -> str | None:
    """The app's id, however it is written: Marathon makes the ids of definitions absolute."""
    return app.strip("/") if app is not None else None


def once(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, each place blamed once for each thing: an app of several groups is in several configurations.

    Of those that say the same the first of the worst stays.
    """
    found: dict[object, Finding] = {}
    for each in findings:
        key = (each.rule, each.origin, each.message) if each.origin is not None else each
        if key not in found or each.severity > found[key].severity:
            found[key] = each
    return list(found.values())


def without_doubles(verdicts: Iterable[Finding], found: Iterable[Finding]) -> list[Finding]:
    """Those of HAProxy's verdicts that no rule of the same name has told of the same value."""
    told = {(each.rule, *_value(each)) for each in found}
    return [each for each in verdicts if (each.rule, *_value(each)) not in told]


def _value(finding: Finding) -> tuple[str, ...]:
    origin = finding.origin
    return (origin.document, origin.pointer) if origin is not None else (finding.message,)
