"""What is found about a value of a pool, before it is known which document the pool stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import Edit, Finding, Fix, Severity
from lbgen.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable


class Said(NamedTuple):
    """One thing to say of the value at `pointer`. The edits of `fix` have yet to be told their document."""

    rule: str
    pointer: str
    message: str
    help: str = ""
    severity: Severity = Severity.ERROR
    fix: Fix | None = None


def warning(rule: str, pointer: str, message: str, help: str = "", fix: Fix | None = None) -> Said:
    """Something that works, and hardly as it is meant."""
    return Said(rule, pointer, message, help, Severity.WARNING, fix)


def info(rule: str, pointer: str, message: str, help: str = "", fix: Fix | None = None) -> Said:
    """Something that is good to know."""
    return Said(rule, pointer, message, help, Severity.INFO, fix)


def renaming(pointer: str, key: str) -> Fix:
    """A fix that calls the member at `pointer` by another name."""
    return Fix(f'call it "{key}"', (Edit("", key, pointer, key=True),), safe=False)


def writing(pointer: str, text: str) -> Fix:
    """A fix that puts another text at `pointer`."""
    return Fix(f'write "{text:.60}"', (Edit("", text, pointer),), safe=False)


def dropping(pointer: str) -> Fix:
    """A fix that leaves the member at `pointer` out."""
    return Fix("leave it out", (Edit("", None, pointer),), safe=False)


def findings(said: Iterable[Said], document: str) -> list[Finding]:
    """The findings about values of this document."""
    return [
        Finding(
            each.rule,
            each.severity,
            each.message,
            Origin(document, each.pointer),
            help=each.help,
            fix=_of_document(each.fix, document),
        )
        for each in said
    ]


def _of_document(fix: Fix | None, document: str) -> Fix | None:
    if fix is None:
        return None
    return fix._replace(edits=tuple(edit._replace(document=document) for edit in fix.edits))
