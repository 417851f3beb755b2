"""Something is named that is not there, or is there and never named.

## What it does

Compares names with what they stand for: ACLs within their section, and backends, userlists, resolvers, peers, mailers,
caches and `http-errors` within the file. ACLs that HAProxy brings (`TRUE`, `METH_GET`) are known. Where a backend is
chosen at run time (`use_backend %[...]`) none counts as unused, and what a map answers where it knows nothing is a
name. A backend that holds nothing but a stick table is used where its name occurs.

In a generated configuration only lines that a label or a pool wrote are looked at. What labels name may belong to an
app that is not among those that are linted, so that is a warning there.

## Why is this bad?

HAProxy refuses a file that names what is not there. What nobody names is a leftover, or somebody meant to name it: an
ACL that guards nothing.

## Use instead

The name that was meant; drop what is left over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.conditions import Acls
from lbgen.lint.directives import Blamed, conditional_blocks
from lbgen.lint.names_used import References, references
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Directive, Section
    from lbgen.haproxy.words import Word
    from lbgen.lint.directives import Written
    from lbgen.lint.subjects import Configuration


def check(configuration: Configuration) -> Iterator[Problem]:
    """Everything that is named and is not there, and everything that is there and never named."""
    report = _Report(configuration, Blamed(configuration), conditional_blocks(configuration).skipped)
    found = references(configuration.config, mentions=not configuration.generated)
    for section in configuration.config.sections:
        yield from _acls(section, report)
    for each in found.named:
        if each.name not in found.defined.get(each.kind, ()):
            message = f"{each.kind} '{each.name}' is not there"
            yield from report.missing(each.directive, each.word, message, late=each.late)
    if not configuration.generated:
        yield from _unused(found, configuration, report)


class _Report:
    def __init__(self, configuration: Configuration, blamed: Blamed, skipped: frozenset[int]) -> None:
        self._configuration = configuration
        self._blamed = blamed
        self.skipped = skipped

    def missing(self, directive: Directive, word: Word, message: str, *, late: bool = False) -> Iterator[Problem]:
        """What is named and is not there; `late` where HAProxy does not refuse it."""
        where = self._where(directive, word)
        if where is None:
            return
        # A pool's configuration is whole, an app's is not.
        of_app = where.because is not None and where.because.app is not None
        help_ = "write what is there, or lint it together with what it names" if of_app else "write what is there"
        severity = Severity.WARNING if of_app or late else Severity.ERROR
        line = self._configuration.line(directive)
        yield Problem(message, where.at((word,)), help_, config=line, severity=severity)

    def unused(self, directive: Directive, word: Word, message: str) -> Iterator[Problem]:
        """What is there and never named."""
        where = self._where(directive, word)
        if where is not None:
            help_, line = "drop it, or name it where it was meant", self._configuration.line(directive)
            yield Problem(message, where.at((word,)), help_, config=line, severity=Severity.WARNING)

    def _where(self, directive: Directive, word: Word) -> Written | None:
        where = self._blamed.of(directive, (word,)) if directive.line not in self.skipped else None
        return where if where is not None and self._somebodys(where) else None

    def _somebodys(self, where: Written) -> bool:
        """Whether the line is a file's or a label's; an operator's templates are for more apps than are seen here."""
        if not self._configuration.generated:
            return True
        return where.text is not None and where.because is not None and not where.because.is_template


def _acls(section: Section, report: _Report) -> Iterator[Problem]:
    acls = Acls.of(section)
    for directive, each in acls.missing:
        yield from report.missing(directive, each.word, f"ACL '{each.name}' is not there")
    for name, directive in acls.unused.items():
        yield from report.unused(directive, directive.args[0], f"ACL '{name}' is never asked")


def _unused(found: References, configuration: Configuration, report: _Report) -> Iterator[Problem]:
    for section in configuration.config.sections:
        if section.kind in {"backend", "userlist", "resolvers", "mailers", "cache", "http-errors"} and section.name:
            if section.name in found.mentioned or (section.kind == "backend" and found.dynamic):
                continue
            if section.kind == "resolvers" and section.name == "default":
                continue
            origin = configuration.origin(section.line)
            if origin is not None and section.line not in report.skipped:
                message = f"{section.kind} '{section.name}' is never named"
                yield Problem(message, origin, "drop it, or name it where it was meant", severity=Severity.WARNING)
