"""Telling findings on standard error, as much and as colourfully as was asked for."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lbgen.finding import Finding
    from lbgen.source import Document


def tell(findings: Iterable[Finding], documents: Mapping[str, Document], given: Mapping[str, Any]) -> None:
    """Tells the findings; `given` are the options `--quiet`, `--verbose` and `--color`."""
    from lbgen import report
    from lbgen.finding import Severity

    told = [finding for finding in findings if not given["quiet"] or finding.severity > Severity.INFO]
    if not told:
        return
    flag = {"auto": None, "always": True, "never": False}[given["color"]]
    # What cannot be told must not stop the result.
    with suppress(OSError):
        color = report.wants_color(sys.stderr, os.environ, flag)
        report.write(told, documents, sys.stderr, color=color, fold=not given["verbose"])
