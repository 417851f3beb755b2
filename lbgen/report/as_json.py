"""Findings for programs: one versioned JSON object."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.finding import ConfigLine
    from lbgen.report.places import Place, Placed, Report

VERSION = 1


def as_json(report: Report) -> Iterator[str]:
    """The object `{"version": 1, "findings": [...]}`; what is not known is null, lines and columns count from 1."""
    # Escapes for all but ASCII: there are streams that cannot take every character of a user's text.
    yield json.dumps({"version": VERSION, "findings": [_finding(each) for each in report.placed]}, indent=2)


def _finding(placed: Placed) -> dict[str, Any]:
    finding = placed.finding
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": finding.message,
        "help": finding.help or None,
        **_place(placed.place),
        "app": finding.app,
        "label": finding.label,
        "config": _config(finding.config),
        "related": [{**_place(place), **_whose(place)} for place in placed.related],
    }


def _place(place: Place) -> dict[str, Any]:
    start, end = place.span or (None, None)
    origin = place.origin
    return {
        "file": place.document or None,
        "line": start.line if start else None,
        "column": start.column if start else None,
        "end_line": end.line if end else None,
        "end_column": end.column if end else None,
        "pointer": origin.pointer if origin and (origin.pointer or not origin.position) else None,
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
