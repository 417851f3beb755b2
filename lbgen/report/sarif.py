"""Findings for code hosts: SARIF 2.1.0."""

from __future__ import annotations

import json
import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import lbgen
from lbgen.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.finding import ConfigLine
    from lbgen.report.places import Place, Placed, Report

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
# Places in texts move; a finding stays the same one.
_MOVES = re.compile(r"(?<=:)\d+|(?<=\blines )\d+|(?<=\bline )\d+|(?<=\bcolumn )\d+")


def sarif(report: Report) -> Iterator[str]:
    """One SARIF log with one run."""
    rules = sorted({each.finding.rule for each in report.placed})
    seen: Counter[str] = Counter()
    results = [_result(each, rules, seen, report) for each in report.placed]
    driver = {"name": "lbgen", "version": lbgen.__version__, "rules": [_rule(rule) for rule in rules]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(rule: str) -> dict[str, Any]:
    return {"id": rule, "shortDescription": {"text": rule.replace("-", " ")}}


def _result(placed: Placed, rules: list[str], seen: Counter[str], report: Report) -> dict[str, Any]:
    finding = placed.finding
    result = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(filter(None, (finding.message, finding.help)))},
        "partialFingerprints": {"lbgen/v1": _fingerprint(placed, seen, report)},
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
    return result


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
        (line, column), (end_line, end_column) = place.span
        physical["region"] = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {"physicalLocation": physical}


def _config_location(config: ConfigLine, report: Report) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(config.document, report)}}
    if config.line:
        snippet = {"snippet": {"text": config.text}} if config.text else {}
        physical["region"] = {"startLine": config.line, **snippet}
    where = f", in {config.section}" if config.section else ""
    return {"physicalLocation": physical, "message": {"text": f"what it became{where}"}}


def _fingerprint(placed: Placed, seen: Counter[str], report: Report) -> str:
    """The same for the same finding in a later run, wherever it has moved to; different for each of one run."""
    finding = placed.finding
    parts = (finding.rule, report.relative(placed.place.document), finding.app, finding.label)
    print_ = sha256(json.dumps([*parts, _MOVES.sub("0", finding.message)]).encode()).hexdigest()[:32]
    seen[print_] += 1
    return f"{print_}:{seen[print_]}"


def _uri(document: str, report: Report) -> str:
    name = report.relative(document)
    quoted = quote(name, safe="/", errors="surrogateescape")
    return f"file://{quoted}" if name.startswith("/") else quoted
