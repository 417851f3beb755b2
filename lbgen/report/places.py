"""From findings to places: symbolic origins become lines and columns, in the order in which they are shown."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.fingerprint import fingerprint
from lbgen.origin import Position, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lbgen.finding import ConfigLine, Finding, RulePage, Suppressed
    from lbgen.origin import Origin
    from lbgen.source import Document


class Place(NamedTuple):
    """Where something is: the document's name, the span if it is known, and the origin that led there.

    `text` is the line of a document that is no input, as a haproxy.cfg.
    """

    document: str
    span: Span | None = None
    origin: Origin | None = None
    text: str = ""

    def __str__(self) -> str:
        """`document:line:column`, as far as it is known."""
        if self.span is None:
            return self.document
        return f"{self.document}:{self.span.start.line}:{self.span.start.column}"


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding and its places: where it is shown, and what it is related to.

    `config` is the line of haproxy.cfg that the finding leads to, None where that line is the place itself. `folded`
    are the findings that this one stands for, where it only counts them.
    """

    finding: Finding
    place: Place
    config: ConfigLine | None
    related: tuple[Place, ...]
    folded: tuple[Placed, ...] = ()


class TextEdit(NamedTuple):
    """A stretch of a document's text, and what is to stand there."""

    document: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a reporter shows: the findings in their order, and how.

    `base` is the root of the user's repository. `rules` is the manual, by the names of rules; with `links` a terminal
    gets links into it. `all` are the findings together with those that are `suppressed`, in one order.
    """

    placed: tuple[Placed, ...]
    documents: Mapping[str, Document]
    color: bool = False
    base: Path | None = None
    rules: Mapping[str, RulePage] = field(default_factory=dict)
    links: bool = False
    suppressed: tuple[Suppressed, ...] = ()
    all: tuple[Placed, ...] = ()

    def line_text(self, place: Place) -> str | None:
        """The line on which the place begins; None where it is not known."""
        document = self.documents.get(place.document)
        if place.span is None or document is None:
            return place.text or None
        return document.line_text(place.span.start.line)

    def url(self, rule: str) -> str:
        """Where the manual page of the rule can be read; empty where nobody knows."""
        page = self.rules.get(rule)
        return page.url if page is not None else ""

    def fingerprint(self, placed: Placed) -> str:
        """What stays the same of the finding when it moves."""
        return fingerprint(placed.finding, self.relative(placed.place.document))

    def edits(self, placed: Placed) -> list[TextEdit] | None:
        """What the finding's fix does to texts, in their order; None where there is no fix, or it is not possible."""
        fix = placed.finding.fix
        if fix is None:
            return None
        # Most runs have nothing to mend.
        from lbgen.source.replacement import CannotReplace
        from lbgen.source.replacing import replacements

        edits: list[TextEdit] = []
        for name in dict.fromkeys(edit.document for edit in fix.edits):
            document = self.documents.get(name)
            if document is None:
                return None
            try:
                found = replacements(document, [edit for edit in fix.edits if edit.document == name])
            except CannotReplace:
                return None
            edits += [TextEdit(name, document.stretch(each.start, each.end), each.text) for each in found]
        return edits

    def relative(self, document: str) -> str:
        """The document's name as seen from `base`, with slashes; as it is where it is elsewhere."""
        path = PurePath(document)
        if self.base is not None:
            full = Path.cwd() / path
            path = full.relative_to(self.base) if full.is_relative_to(self.base) else path
        return path.as_posix()


def placed(findings: Iterable[Finding], documents: Mapping[str, Document]) -> tuple[Placed, ...]:
    """The findings with their places, each once, by document (in the order given), line, column, rule, message."""
    order = {name: number for number, name in enumerate(documents)}
    return tuple(
        sorted((_placed(each, documents) for each in dict.fromkeys(findings)), key=lambda it: _rank(it, order))
    )


def _placed(finding: Finding, documents: Mapping[str, Document]) -> Placed:
    related = tuple(locate(origin, documents) for origin in finding.related)
    if finding.origin is not None:
        return Placed(finding, locate(finding.origin, documents), finding.config, related)
    place = _config_place(finding.config) if finding.config is not None else Place("")
    return Placed(finding, place, None, related)


def _rank(each: Placed, order: Mapping[str, int]) -> tuple[object, ...]:
    finding, place = each.finding, each.place
    config = (each.config.document, each.config.line) if each.config else ("", 0)
    start = place.span.start if place.span else Position(0, 0)
    # What follows the message only makes the order of findings certain that say the same of one place.
    rest = (finding.app or "", finding.label or "", config, finding.severity, finding.help, repr(finding))
    return (order.get(place.document, len(order)), place.document, start, finding.rule, finding.message, *rest)


def locate(origin: Origin, documents: Mapping[str, Document]) -> Place:
    """The place of the origin: of its value, else of the nearest value above it that exists, else of the document."""
    document = documents.get(origin.document)
    span = _span(document, origin) if document is not None else None
    if span is None and origin.position is not None:
        span = Span(origin.position, origin.position)
    return Place(origin.document, span, origin)


def _span(document: Document, origin: Origin) -> Span | None:
    if origin.position is not None:
        return _span_at(document, origin, origin.position)
    span = document.span(origin.pointer, origin.start, origin.end)
    if span is not None and origin.start is not None:
        return _trimmed(document, span)
    pointer = origin.pointer
    while span is None and pointer:
        pointer = pointer.rpartition("/")[0]
        span = document.span(pointer)
    return span


def _trimmed(document: Document, span: Span) -> Span:
    """The span without the blanks at its ends, as a line of a label is indented; as it is where it is all blank."""
    (line, start), (end_line, end) = span
    text = document.line_text(line)[start - 1 : end - 1]
    if line != end_line or not text.strip():
        return span
    start += len(text) - len(text.lstrip())
    return Span(Position(line, start), Position(line, start + len(text.strip())))


def _span_at(document: Document, origin: Origin, position: Position) -> Span | None:
    """The span of the key or value at the pointer, where it begins at the position that the origin gives."""
    if not origin.pointer:
        return None
    spans = (document.span(origin.pointer, key=True), document.span(origin.pointer))
    return next((span for span in spans if span is not None and span.start == position), None)


def _config_place(config: ConfigLine) -> Place:
    if not config.line:
        return Place(config.document)
    text = config.text.rstrip()
    start = len(text) - len(text.lstrip())
    span = Span(Position(config.line, start + 1), Position(config.line, len(text) + 1))
    return Place(config.document, span, text=text)
