"""What of all that is found is told: ignores, selection, severities, the baseline."""

from __future__ import annotations

from collections import Counter
from dataclasses import field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.finding import Suppressed
from lbgen.fingerprint import fingerprint, relative
from lbgen.lint.selection import ALWAYS, Selection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lbgen import source
    from lbgen.finding import Finding, Severity
    from lbgen.lint.baseline import Baseline, Entry
    from lbgen.lint.ignores import Ignore
    from lbgen.lint.selection import Word
    from lbgen.pipeline.lint_inputs import LintInputs
    from lbgen.pipeline.linting import Linted

    Outcome = tuple[list[Finding], list[Suppressed]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to hear of; everything, unless it is said.

    `per_path` and `per_app` are rules that are ignored there, by pattern; `directory` is from where paths are seen.
    """

    selection: Selection | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    per_path: Mapping[str, Sequence[Word]] = field(default_factory=dict)
    per_app: Mapping[str, Sequence[Word]] = field(default_factory=dict)
    directory: str = "."
    baseline: Baseline | None = None


def inline(findings: Iterable[Finding], inputs: LintInputs, ran: frozenset[str]) -> Outcome:
    """The findings without those that labels and comments ignore, and with what is to be said about these.

    `ran` are the names of the rules that had their say.
    """
    ignores = list(_ignores(inputs))
    if not ignores:
        return list(findings), []
    from lbgen.lint.ignore_remarks import remarks
    from lbgen.lint.ignores import sort_out

    result = sort_out(findings, ignores, lambda finding: _lines(finding, inputs.documents))
    said = remarks(ignores, result.used, ran)
    return [*result.kept, *said], result.taken


_LABEL = "LBGEN_IGNORE"


def _ignores(inputs: LintInputs) -> Iterator[Ignore]:
    labelled = [app for app in inputs.fleet.apps if any(key.startswith(_LABEL) for key in app.app.labels)]
    pools = [pool for pool in (*inputs.fleet.pools, *inputs.fleet.refused) if _LABEL in pool.value]
    commented = [document for document in inputs.documents.values() if "lbgen:" in document.text]
    if not labelled and not pools and not commented:
        return
    from lbgen.lint.ignores import of_app, of_pool, of_text

    for app in labelled:
        yield from of_app(app.app)
    for pool in pools:
        yield from of_pool(pool)
    for document in commented:
        name = document.name
        # JSON has no comments; an operator's template has.
        if document.kind == "yaml" or name.endswith(".cfg") or Path(name).name.startswith("HAPROXY_"):
            yield from of_text(name, document.text)


def _lines(finding: Finding, documents: Mapping[str, source.Document]) -> set[int]:
    """The lines in which the finding stands, and the value that it is about begins."""
    from lbgen.report.places import locate

    origin = finding.origin
    document = documents.get(origin.document) if origin is not None else None
    if origin is None or document is None:
        return set()
    spans = [locate(origin, documents).span]
    if origin.pointer:
        spans += [document.span(origin.pointer), document.span(origin.pointer, key=True)]
    return {span.start.line for span in spans if span is not None}


def told(findings: Iterable[Finding], wanted: Wanted) -> Outcome:
    """The findings that are asked for, with the severities that are asked for; and those that settings ignore."""
    kept, suppressed = [], []
    ignored = _ignored(wanted)
    for finding in findings:
        severity = wanted.severities.get(finding.rule)
        each = finding if severity in (None, finding.severity) else replace(finding, severity=severity)
        if wanted.selection is not None and not wanted.selection.counts(each):
            continue
        if reason := ignored(each):
            suppressed.append(Suppressed(each, "external", reason))
        else:
            kept.append(each)
    return kept, suppressed


def _ignored(wanted: Wanted) -> Callable[[Finding], str]:
    """A function that says by which pattern of the settings a finding is ignored, or nothing."""
    if not wanted.per_path and not wanted.per_app:
        return lambda _: ""
    from lbgen.lint.globs import matches_app, matches_path

    @cache
    def at(document: str) -> dict[str, str]:
        path = relative(document, wanted.directory)
        return _by_rule(wanted.per_path, lambda glob: matches_path(path, glob), "per-path-ignores")

    @cache
    def of(app: str) -> dict[str, str]:
        return _by_rule(wanted.per_app, lambda glob: matches_app(app, glob), "per-app-ignores")

    def reason(finding: Finding) -> str:
        by_path = at(finding.origin.document) if wanted.per_path and finding.origin is not None else {}
        by_app = of(finding.app) if wanted.per_app and finding.app is not None else {}
        return by_path.get(finding.rule) or by_app.get(finding.rule) or ""

    return reason


def _by_rule(table: Mapping[str, Sequence[Word]], matches: Callable[[str], bool], name: str) -> dict[str, str]:
    """The reason for each rule that the matching patterns of the table ignore."""
    return {
        rule: f"{name} {glob}"
        for glob, words in sorted(table.items())
        if matches(glob)
        for word in words
        for rule in word.rules
    }


def prints(findings: Iterable[Finding], baseline: str) -> dict[Finding, tuple[str, str]]:
    """Fingerprint and document of each finding, as the baseline in the file `baseline` has them."""
    named = cache(lambda document: relative(document, str(Path(baseline).parent)))
    documents = {each: named(_document(each)) for each in findings}
    return {each: (fingerprint(each, document), document) for each, document in documents.items()}


def _document(finding: Finding) -> str:
    if finding.origin is not None:
        return finding.origin.document
    return finding.config.document if finding.config is not None else ""


def known(linted: Linted, wanted: Wanted) -> Outcome:
    """The findings that the baseline does not know, and a finding for each of its entries that is gone."""
    from lbgen.lint.baseline import gone, outdated, unknown
    from lbgen.report.places import placed

    baseline = wanted.baseline
    assert baseline is not None  # noqa: S101 - who calls has seen it
    # Of equal findings the first ones are the known ones.
    ordered = [each.finding for each in placed(linted.findings, linted.documents)]
    by_finding = prints(ordered, baseline.name)
    new = unknown(ordered, baseline, {finding: print_ for finding, (print_, _) in by_finding.items()})
    there = Counter(print_ for print_, _ in by_finding.values())
    remarks, _ = told(outdated(baseline, list(gone(linted.judged, there))), wanted)
    unheard = set(new)
    known_ones = [Suppressed(each, "external", "baseline") for each in ordered if each not in unheard]
    return [*new, *remarks], known_ones


def judged(
    baseline: Baseline, documents: Mapping[str, source.Document], wanted: Wanted, ran: frozenset[str]
) -> Iterator[Entry]:
    """The entries that this run could have found again: of files that it read, or that are there no more."""
    directory = Path(baseline.name).parent
    read = {"", *(relative(document, str(directory)) for document in documents)}
    rules = ran if wanted.selection is None else ran & (wanted.selection.rules | ALWAYS)
    for entry in baseline.entries:
        gone = entry.document not in read and not (directory / entry.document).exists()
        if entry.rule in rules and (entry.document in read or gone):
            yield entry
