"""Findings for GitHub Actions: workflow commands, which become annotations of the changed files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.report.concise import about
from lbgen.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lbgen.report.places import Placed, Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = {**_IN_DATA, ord(":"): "%3A", ord(","): "%2C"}


def github(report: Report) -> Iterator[str]:
    """One workflow command for each finding."""
    for each in report.placed:
        finding = each.finding
        lines = [f"{finding.message}{about(each)}", finding.help]
        message = "\n".join(visible(line) for line in lines if line)
        properties = ",".join(f"{name}={_escaped(value, _IN_PROPERTY)}" for name, value in _properties(each, report))
        yield f"::{_COMMANDS[finding.severity]} {properties}::{_escaped(message, _IN_DATA)}"


def _escaped(text: str, table: Mapping[int, str]) -> str:
    return text.translate(table)


def _properties(placed: Placed, report: Report) -> Iterator[tuple[str, str]]:
    if placed.place.document:
        yield "file", visible(report.relative(placed.place.document))
    if placed.place.span is not None:
        (line, column), (end_line, end_column) = placed.place.span
        yield "line", str(line)
        yield "endLine", str(end_line)
        # Columns are allowed within one line only.
        if line == end_line:
            yield "col", str(column)
            yield "endColumn", str(end_column)
    finding = placed.finding
    yield "title", f"[{finding.rule}] {finding.code}".rstrip()
