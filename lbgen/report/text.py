"""Findings for people: where, what, the line at fault with carets under it, the line that it became, what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.report.color import BOLD, FRAME, SEVERITY, link, paint
from lbgen.report.visible import excerpt, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.report.places import Place, Placed, Report


def text(report: Report) -> Iterator[str]:
    """Each finding as a block of lines with an empty line behind it, then how many there are."""
    for each in report.placed:
        yield from _Block(each, report).lines()
        yield ""
    if report.placed:
        yield summary(report)


def summary(report: Report) -> str:
    """One line: how many findings of each severity, in how many files, how many can be fixed, and by what."""
    all_ = [each for shown in report.placed for each in shown.folded or (shown,)]
    counts = Counter(each.finding.severity for each in all_)
    parts = [_count(counts[severity], str(severity)) for severity in reversed(Severity) if counts[severity]]
    files = len({each.place.document for each in all_} - {""})
    counted = ", ".join(parts) + (f" in {_count(files, 'file')}" if files else "")
    fixable = _fixable(Counter(fixing(each, report) for each in all_ if each.finding.fix is not None))
    return "; ".join(filter(None, (counted, fixable, _explained({each.finding.code for each in all_} - {""}))))


def _explained(codes: set[str]) -> str:
    """Which command explains them."""
    if not codes:
        return ""
    return f"lbgen rule {codes.pop()} explains it" if len(codes) == 1 else "lbgen rule CODE explains each"


def _fixable(kinds: Counter[str]) -> str:
    """Which command mends how many of the findings."""
    safe, unsafe = kinds["safe"], kinds["unsafe"]
    if safe and unsafe:
        return f"lbgen lint --fix mends {safe:,}, with --unsafe-fixes {safe + unsafe:,}"
    if safe or unsafe:
        return f"lbgen lint --fix{'' if safe else ' --unsafe-fixes'} mends {safe or unsafe:,}"
    return ""


def fixing(placed: Placed, report: Report) -> str:
    """How the finding is mended: `safe` or `unsafe`, or `by hand` where nothing can be written in place."""
    if placed.finding.fix is None or not report.edits(placed):
        return "by hand"
    return "safe" if placed.finding.fix.safe else "unsafe"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


class _Block:
    """The lines about one finding."""

    def __init__(self, placed: Placed, report: Report) -> None:
        self._placed = placed
        self._report = report
        self._color = report.color
        self._gutter = max(3, *(len(str(number)) for number in _line_numbers(placed)))

    def lines(self) -> Iterator[str]:
        finding = self._placed.finding
        yield self._heading()
        source = self._source(self._placed.place)
        yield from [self._frame("", "|"), *source] if source else []
        for place in self._placed.related:
            yield self._frame("", ":::") + f" {visible(str(place))}{_of(place)}"
            yield from self._source(place)
        yield from self._config()
        if finding.app or finding.label:
            yield self._note("app" if finding.app else "label", _whose(finding.app, finding.label))
        if finding.help:
            yield self._note("help", visible(finding.help))
        if finding.fix is not None:
            yield self._note("fix", f"{visible(finding.fix.message)} ({fixing(self._placed, self._report)})")

    def _heading(self) -> str:
        finding = self._placed.finding
        where = visible(str(self._placed.place)) or "lbgen"
        kind = paint(f"{finding.severity}[{finding.rule}]", SEVERITY[finding.severity], self._color)
        said = paint(visible(finding.message), BOLD, self._color)
        return " ".join(filter(None, (f"{paint(where, BOLD, self._color)}: {kind}", self._code(), said)))

    def _code(self) -> str:
        """The rule's code, as a link to its page where the terminal knows links."""
        code, url = self._placed.finding.code, self._report.url(self._placed.finding.rule)
        return link(code, url) if code and url and self._report.links else code

    def _source(self, place: Place) -> list[str]:
        """The line of the place, and carets under the part of it that is meant; nothing where it is not known."""
        line = self._report.line_text(place)
        if place.span is None or line is None:
            return []
        (number, column), (end_number, end) = place.span
        cut = excerpt(line, column - 1, end - 1 if end_number == number else len(line))
        carets = "^" * cut.width + self._caption(place)
        style = SEVERITY[self._placed.finding.severity]
        return [
            self._frame(number, "|") + f" {cut.text}".rstrip(),
            self._frame("", "|") + " " * (cut.indent + 1) + paint(carets, style, self._color),
        ]

    def _caption(self, place: Place) -> str:
        """What the carets point at, where they point at one line of a label of several."""
        origin = place.origin
        document = self._report.documents.get(place.document)
        if origin is None or document is None or origin.start is None or not origin.label:
            return ""
        whole = document.span(origin.pointer)
        if whole is None or whole == place.span:
            return ""
        (line, start), (end_line, end) = whole
        several = line != end_line or "\\n" in document.line_text(line)[start - 1 : end - 1]
        return " this line of the label" if several else ""

    def _config(self) -> Iterator[str]:
        config = self._placed.config
        if config is None:
            return
        where = f"{config.document}:{config.line}" if config.line else config.document
        section = f", in {config.section}" if config.section else ""
        yield self._frame("", ":::") + f" {visible(where + section)}"
        if config.line and config.text:
            yield self._frame(config.line, "|") + f" {excerpt(config.text, 0, 0).text}".rstrip()

    def _note(self, name: str, value: str) -> str:
        return self._frame("", "=") + f" {paint(f'{name}:', BOLD, self._color)} {value}"

    def _frame(self, number: int | str, sign: str) -> str:
        return paint(f"{number:<{self._gutter}}{sign}", FRAME, self._color)


def _line_numbers(placed: Placed) -> list[int]:
    places = (placed.place, *placed.related)
    numbers = [place.span.start.line for place in places if place.span is not None]
    return [*numbers, placed.config.line if placed.config else 0]


def _whose(app: str | None, label: str | None) -> str:
    """The app and its label; the label alone where no app is known."""
    if not app or not label:
        return visible(app or label or "")
    return f"{visible(app)}, label {visible(label)}"


def _of(place: Place) -> str:
    known = _whose(place.origin.app, place.origin.label) if place.origin else ""
    return f", {known}" if known else ""
