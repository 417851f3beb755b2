"""Findings for programs: one versioned JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.fingerprint import numbered
from lbgen.report.dumping import dumped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.finding import ConfigLine
    from lbgen.origin import Span
    from lbgen.report.places import Place, Placed, Report, TextEdit

VERSION = 1


def as_json(report: Report) -> Iterator[str]:
    """The object `{"version": 1, "findings": [...]}`; what is not known is null, lines and columns count from 1."""
    prints = numbered(report.fingerprint(each) for each in report.placed)
    findings = [_finding(each, print_, report) for each, print_ in zip(report.placed, prints, strict=True)]
    yield dumped({"version": VERSION, "findings": findings})


def _finding(placed: Placed, print_: str, report: Report) -> dict[str, Any]:
    finding = placed.finding
    return {
        "code": finding.code or None,
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "help": finding.help or None,
        **_place(placed.place),
        "app": finding.app,
        "label": finding.label,
        "config": _config(finding.config),
        "related": [{**_place(place), **_whose(place)} for place in placed.related],
        "fix": _fix(placed, report),
        "fingerprint": print_,
        "url": report.url(finding.rule) or None,
    }


def _fix(placed: Placed, report: Report) -> dict[str, Any] | None:
    """The fix; its edits are null where nothing can be written in their place."""
    fix, edits = placed.finding.fix, report.edits(placed)
    if fix is None:
        return None
    return {
        "message": fix.message,
        "safe": fix.safe,
        "edits": None if edits is None else [_edit(each) for each in edits],
    }


def _edit(edit: TextEdit) -> dict[str, Any]:
    return {"file": edit.document, **_stretch(edit.span), "replacement": edit.text}


def _place(place: Place) -> dict[str, Any]:
    origin = place.origin
    return {
        "file": place.document or None,
        **_stretch(place.span),
        "pointer": origin.pointer if origin and (origin.pointer or not origin.position) else None,
    }


def _stretch(span: Span | None) -> dict[str, int | None]:
    start, end = span or (None, None)
    return {
        "line": start.line if start else None,
        "column": start.column if start else None,
        "end_line": end.line if end else None,
        "end_column": end.column if end else None,
    }


def _whose(place: Place) -> dict[str, Any]:
    return {"app": place.origin.app, "label": place.origin.label} if place.origin else {}


def _config(config: ConfigLine | None) -> dict[str, Any] | None:
    if config is None:
        return None
    return {
        "file": config.document,
        "line": config.line or None,
        "section": config.section or None,
        "text": config.text or None,
    }
