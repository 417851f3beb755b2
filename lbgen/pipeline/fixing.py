"""Lint and fix, in rounds, until there is nothing more that can be fixed."""

from __future__ import annotations

import codecs
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.finding import Finding, Severity
from lbgen.lint.fix import mend
from lbgen.pipeline.output import write_files
from lbgen.source.reading import in_place_of_files

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from lbgen.pipeline.linting import Linted
    from lbgen.source import Document

ROUNDS = 10
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(slots=True)
class Fixed:
    """What is left to say, the documents as they were read and are now, and how many findings were mended.

    `mistakes` are those of fixes that did something else than they should; they are among what is left to say.
    """

    linted: Linted
    before: dict[str, Document] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    number: int = 0
    mistakes: list[Finding] = field(default_factory=list)

    def text(self, name: str) -> str:
        """The whole text of a document as it is now; a byte order mark stays."""
        document = self.before[name]
        mark = _MARK if document.raw.startswith(codecs.BOM_UTF8) else ""
        return mark + self.after.get(name, document.text)


def lint_and_fix(lint: Callable[[], Linted], *, unsafe: bool = False, untouched: Container[str] = ()) -> Fixed:
    """What `lint` finds once everything is fixed that can be; nothing is written.

    With `unsafe` fixes are done that are not safe, too. Documents that are `untouched` stay as they are. A fix that
    does not do what it should, or fixes that never come to an end, are findings.
    """
    fixed = Fixed(lint())
    fixed.before = dict(fixed.linted.documents)
    mistakes: list[Finding] = []
    for _ in range(ROUNDS):
        made = mend(fixed.linted.findings, fixed.linted.documents, unsafe=unsafe, untouched=untouched)
        mistakes += made.mistakes
        if not made.texts:
            break
        fixed.number += len(made.findings)
        fixed.after |= made.texts
        with in_place_of_files(_contents(fixed)):
            fixed.linted = lint()
    else:
        mistakes.append(_endless())
    fixed.mistakes = list(dict.fromkeys(mistakes))
    fixed.linted.findings += fixed.mistakes
    fixed.after = {name: text for name, text in fixed.after.items() if text != fixed.before[name].text}
    return fixed


def write_files_of(fixed: Fixed, but: str = "") -> None:
    """Writes the files that changed, all but that one, whole or not at all; raises ToolError."""
    write_files({Path(name): fixed.text(name) for name in fixed.after if name != but})


def _contents(fixed: Fixed) -> dict[str, bytes]:
    """What every document holds now; standard input cannot be read again."""
    same = {name: document.raw for name, document in fixed.before.items()}
    return same | {name: fixed.text(name).encode() for name in fixed.after}


def _endless() -> Finding:
    message = f"fixes undo each other: there is something to fix after {ROUNDS} rounds, which is a mistake of lbgen's"
    return Finding("internal-error", Severity.ERROR, message, help="please report it, with the input")
