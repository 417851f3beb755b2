"""Findings for whoever collects test results: JUnit's XML, each finding a test that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.regex import regex
from lbgen.report.concise import about

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.report.places import Placed, Report

# What no XML 1.0 may hold, not even escaped.
_NO_XML = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report) -> Iterator[str]:
    """One suite; informations are tests that passed with something to say, and without any finding one test passed."""
    failures = sum(each.finding.severity > Severity.INFO for each in report.placed)
    number = max(len(report.placed), 1)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<testsuites name="lbgen" tests="{number}" failures="{failures}">'
    yield f'  <testsuite name="lbgen" tests="{number}" failures="{failures}" errors="0">'
    for each in report.placed:
        yield from _case(each, report)
    if not report.placed:
        yield '    <testcase classname="lbgen" name="nothing to say"/>'
    yield "  </testsuite>"
    yield "</testsuites>"


def _case(placed: Placed, report: Report) -> Iterator[str]:
    finding, place = placed.finding, placed.place
    file = f" file={_attribute(report.relative(place.document))}" if place.document else ""
    line = f' line="{place.span.start.line}"' if place.span else ""
    name = f"{finding.rule} {finding.code}".rstrip()
    whose = _attribute(report.relative(place.document) if place.document else "lbgen")
    yield f"    <testcase classname={whose} name={_attribute(f'[{name}] {finding.message}')}{file}{line}>"
    text = _text("\n".join(filter(None, (f"{str(place) or 'lbgen'}: {finding.message}{about(placed)}", finding.help))))
    if finding.severity > Severity.INFO:
        kind = f"type={_attribute(finding.rule)} message={_attribute(finding.message)}"
        yield f"      <failure {kind}>{text}</failure>"
    else:
        yield f"      <system-out>{text}</system-out>"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    # It brings all of urllib and TLS with it.
    from xml.sax.saxutils import quoteattr

    return quoteattr(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _text(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text))
