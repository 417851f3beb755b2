"""Findings for grep: one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.report.places import Placed, Report


def concise(report: Report) -> Iterator[str]:
    """One line for each finding: where, how bad, what, whose, and the line of haproxy.cfg."""
    for each in report.placed:
        finding = each.finding
        where = str(each.place) or "lbgen"
        code = f"{finding.code} " if finding.code else ""
        yield visible(f"{where}: {finding.severity}[{finding.rule}] {code}{finding.message}{about(each)}")


def about(placed: Placed) -> str:
    """Whose finding it is and what it became, in round brackets, or nothing."""
    finding, config = placed.finding, placed.config
    parts = [
        f"app {finding.app}" if finding.app else "",
        f"label {finding.label}" if finding.label else "",
        f"{config.document}:{config.line}" if config and config.line else "",
    ]
    known = ", ".join(filter(None, parts))
    return f" ({known})" if known else ""
