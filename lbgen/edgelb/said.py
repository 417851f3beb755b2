"""What is found about a value of a pool, before it is known which document the pool stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import Finding, Severity
from lbgen.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable


class Said(NamedTuple):
    """One thing to say of the value at `pointer`."""

    rule: str
    pointer: str
    message: str
    help: str = ""
    severity: Severity = Severity.ERROR


def warning(rule: str, pointer: str, message: str, help: str = "") -> Said:
    """Something that works, and hardly as it is meant."""
    return Said(rule, pointer, message, help, Severity.WARNING)


def info(rule: str, pointer: str, message: str, help: str = "") -> Said:
    """Something that is good to know."""
    return Said(rule, pointer, message, help, Severity.INFO)


def findings(said: Iterable[Said], document: str) -> list[Finding]:
    """The findings about values of this document."""
    return [
        Finding(each.rule, each.severity, each.message, Origin(document, each.pointer), help=each.help) for each in said
    ]
