"""Findings for code hosts: SARIF 2.1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import lbgen
from lbgen.finding import Severity
from lbgen.fingerprint import numbered
from lbgen.report.dumping import dumped
from lbgen.report.manual import plain, section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.finding import ConfigLine, RulePage, Suppressed
    from lbgen.origin import Span
    from lbgen.report.places import Place, Placed, Report, TextEdit

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def sarif(report: Report) -> Iterator[str]:
    """One SARIF log with one run; what is suppressed is in it, and says so."""
    names = sorted({each.finding.rule for each in report.all}, key=lambda name: (_id(name, report), name))
    rules = {name: index for index, name in enumerate(names)}
    prints = numbered(report.fingerprint(each) for each in report.all)
    results = [_result(each, rules, print_, report) for each, print_ in zip(report.all, prints, strict=True)]
    driver = {"name": "lbgen", "version": lbgen.__version__, "rules": [_rule(name, report) for name in names]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    yield dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _id(name: str, report: Report) -> str:
    """The code, or the name of what has none."""
    return next((each.finding.code for each in report.all if each.finding.rule == name), "") or name


def _rule(name: str, report: Report) -> dict[str, Any]:
    page = report.rules.get(name)
    if page is None:
        return {"id": _id(name, report), "name": name, "shortDescription": {"text": name.replace("-", " ")}}
    return {"id": page.code, "name": name, **_described(page)}


def _described(page: RulePage) -> dict[str, Any]:
    full = " ".join(filter(None, (section(page.page, "What it does"), section(page.page, "Why is this bad?"))))
    described: dict[str, Any] = {
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": full or page.summary},
        "help": {"text": plain(page.page), "markdown": page.page},
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
    }
    return described | ({"helpUri": page.url} if page.url.startswith("http") else {})


def _result(placed: Placed, rules: dict[str, int], print_: str, report: Report) -> dict[str, Any]:
    finding = placed.finding
    result = {
        "ruleId": finding.code or finding.rule,
        "ruleIndex": rules[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(filter(None, (finding.message, finding.help)))},
        "partialFingerprints": {"lbgen/v1": print_},
    }
    if placed.place.document:
        result["locations"] = [_location(placed, report)]
    led_to = [_config_location(placed.config, report)] if placed.config else []
    if led_to:
        flow = [{"location": each} for each in (_location(placed, report), *led_to)]
        result["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
    related = [_physical(place, report) for place in placed.related] + led_to
    if related:
        result["relatedLocations"] = [{"id": number, **each} for number, each in enumerate(related)]
    if fixes := _fixes(placed, report):
        result["fixes"] = fixes
    # Where one result says whether it is suppressed, all have to.
    if report.suppressed:
        result["suppressions"] = [_suppression(each) for each in report.suppressed if each.finding == finding]
    return result


def _suppression(suppressed: Suppressed) -> dict[str, Any]:
    justification = {"justification": suppressed.reason} if suppressed.reason else {}
    return {"kind": suppressed.kind, **justification}


def _fixes(placed: Placed, report: Report) -> list[dict[str, Any]]:
    fix, edits = placed.finding.fix, report.edits(placed)
    if fix is None or not edits:
        return []
    names = dict.fromkeys(edit.document for edit in edits)
    changes = [
        {
            "artifactLocation": {"uri": _uri(name, report)},
            "replacements": [_replacement(edit) for edit in edits if edit.document == name],
        }
        for name in names
    ]
    kind = "safe" if fix.safe else "unsafe"
    return [{"description": {"text": f"{fix.message} ({kind})"}, "artifactChanges": changes}]


def _replacement(edit: TextEdit) -> dict[str, Any]:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}


def _region(span: Span) -> dict[str, int]:
    (line, column), (end_line, end_column) = span
    return {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}


def _location(placed: Placed, report: Report) -> dict[str, Any]:
    finding = placed.finding
    location = _physical(placed.place, report)
    name = "/".join(filter(None, (finding.app, "labels" if finding.label else "", finding.label)))
    if name:
        kind = "member" if finding.label else "module"
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": kind}]
    return location


def _physical(place: Place, report: Report) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.document, report)}}
    if place.span is not None:
        physical["region"] = _region(place.span)
    return {"physicalLocation": physical}


def _config_location(config: ConfigLine, report: Report) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(config.document, report)}}
    if config.line:
        snippet = {"snippet": {"text": config.text}} if config.text else {}
        physical["region"] = {"startLine": config.line, **snippet}
    where = f", in {config.section}" if config.section else ""
    return {"physicalLocation": physical, "message": {"text": f"what it became{where}"}}


def _uri(document: str, report: Report) -> str:
    name = report.relative(document)
    quoted = quote(name, safe="/", errors="surrogateescape")
    return f"file://{quoted}" if name.startswith("/") else quoted
