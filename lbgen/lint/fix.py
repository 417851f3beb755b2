"""Fixes done to the texts of documents: all edits of a fix or none, and only what is read again as it was meant."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.errors import InputError
from lbgen.finding import Finding, Severity
from lbgen.source import Document, load
from lbgen.source.intended import intended
from lbgen.source.replacement import CannotReplace, applied
from lbgen.source.replacing import replacements

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from lbgen.finding import Edit, Fix
    from lbgen.source.replacement import Replacement


class _Planned(NamedTuple):
    """A finding, its fix, and what that does to the text of each document."""

    finding: Finding
    fix: Fix
    by_document: Mapping[str, list[Replacement]]

    def edits(self, document: str) -> list[Edit]:
        """The edits of this document."""
        return [edit for edit in self.fix.edits if edit.document == document]


@dataclass(slots=True)
class Mended:
    """The new texts by the names of documents, the findings that are mended by them, and mistakes in fixes."""

    texts: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    mistakes: list[Finding] = field(default_factory=list)


def mend(
    findings: Iterable[Finding],
    documents: Mapping[str, Document],
    *,
    unsafe: bool = False,
    untouched: Container[str] = (),
) -> Mended:
    """What becomes of the documents when the findings are fixed, with `unsafe` by fixes that are not safe, too.

    Of fixes that get into each other's way the first is done; the others may be done to what comes out. Documents that
    are `untouched` stay as they are.
    """
    chosen = list(_compatible(_planned(findings, documents, unsafe, untouched)))
    mended = Mended()
    good = _good(chosen, documents, mended)
    for name in dict.fromkeys(name for each in good for name in each.by_document):
        text = documents[name].text
        changed = applied(text, (one for each in good for one in each.by_document.get(name, ())))
        if changed != text:
            mended.texts[name] = changed
    mended.findings = [each.finding for each in good]
    return mended


def _planned(
    findings: Iterable[Finding], documents: Mapping[str, Document], unsafe: bool, untouched: Container[str]
) -> list[_Planned]:
    """The fixes that may be done, in the order of the texts."""
    order = {name: number for number, name in enumerate(documents)}
    planned = []
    for finding in dict.fromkeys(findings):
        fix = finding.fix
        names = dict.fromkeys(edit.document for edit in fix.edits) if fix is not None else {}
        if fix is None or not (fix.safe or unsafe) or any(name in untouched or name not in order for name in names):
            continue
        try:
            by_document = {name: _of(documents[name], fix) for name in names}
        except CannotReplace:
            continue
        if any(by_document.values()):
            planned.append(_Planned(finding, fix, by_document))
    return sorted(planned, key=lambda each: _rank(each, order))


def _of(document: Document, fix: Fix) -> list[Replacement]:
    return replacements(document, [edit for edit in fix.edits if edit.document == document.name])


def _rank(each: _Planned, order: Mapping[str, int]) -> tuple[object, ...]:
    places = [(order[name], found) for name, found in each.by_document.items()]
    return (sorted(places), each.finding.rule, each.finding.message)


def _compatible(planned: Iterable[_Planned]) -> Iterator[_Planned]:
    """Those that do not get into the way of one before them."""
    taken: defaultdict[str, list[Replacement]] = defaultdict(list)
    for each in planned:
        if not any(_touches(one, taken[name]) for name, found in each.by_document.items() for one in found):
            for name, found in each.by_document.items():
                for one in found:
                    insort(taken[name], one)
            yield each


def _touches(one: Replacement, taken: Sequence[Replacement]) -> bool:
    """Whether it gets into the way of one of `taken`, which are in order and do not touch each other."""
    at = bisect_left(taken, one)
    return any(one.touches(other) for other in taken[max(at - 1, 0) : at + 1])


def _good(chosen: Sequence[_Planned], documents: Mapping[str, Document], mended: Mended) -> Sequence[_Planned]:
    """Those whose documents are read as they were meant; a fix that does something else is noted as a mistake."""
    if all(_as_meant(documents[name], chosen) for name in {name for each in chosen for name in each.by_document}):
        return chosen
    if len(chosen) == 1:
        mended.mistakes.append(_mistake(chosen[0].finding))
        return ()
    half = len(chosen) // 2
    first, second = (_good(part, documents, mended) for part in (chosen[:half], chosen[half:]))
    together = [*first, *second]
    # Where two do not go together, one has to wait.
    both = all(
        _as_meant(documents[name], together) for name in {name for each in together for name in each.by_document}
    )
    return together if both else first or second


def _as_meant(document: Document, fixes: Iterable[_Planned]) -> bool:
    """Whether the document with these fixes is read as the value that their edits make."""
    mine = [each for each in fixes if document.name in each.by_document]
    made = applied(document.text, (one for each in mine for one in each.by_document[document.name]))
    edits = [edit for each in mine for edit in each.edits(document.name)]
    try:
        before = load(document)
    except InputError:
        # What is neither JSON nor YAML, as a haproxy.cfg, is what its text says.
        return all(edit.span is not None for edit in edits)
    try:
        after = load(Document(document.name, made, made.encode("utf-8", "surrogatepass"), document.kind))
        return any(edit.span is not None for edit in edits) or bool(after == intended(before, edits))
    except (InputError, CannotReplace):
        return False


def _mistake(finding: Finding) -> Finding:
    message = f"the fix of {finding.rule} would make something else of the file, which is a mistake of lbgen's"
    help_ = "nothing was changed for it; please report it, with the input"
    return Finding("internal-error", Severity.ERROR, message, finding.origin, help=help_)
