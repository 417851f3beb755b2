"""What frames directives and is unknown to the target: kinds of sections, and conditional lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.haproxy.keywords import CONDITIONALS, sections_of
from lbgen.haproxy.parse import SECTION_KEYWORDS
from lbgen.lint.directives import conditional_blocks
from lbgen.lint.rule import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Directive
    from lbgen.lint.directives import Blamed
    from lbgen.lint.subjects import Configuration

# Conditional lines are known from this version on.
_CONDITIONS_SINCE = (2, 4)


def unknown_sections(configuration: Configuration) -> Iterator[Problem]:
    """Kinds of sections that the target does not have."""
    known, skipped = sections_of(configuration.context.version), conditional_blocks(configuration).skipped
    for section in configuration.config.sections:
        gone = section.kind in SECTION_KEYWORDS - known - {"namespace_list"} and section.kind != "defaults"
        if gone and section.line not in skipped and (origin := configuration.origin(section.line)):
            message = f"HAProxy {configuration.context.target} does not know sections of the kind '{section.kind}'"
            yield Problem(message, origin)


def unknown_conditionals(configuration: Configuration, blamed: Blamed) -> Iterator[Problem]:
    """Lines that begin with a dot and that the target does not know."""
    early = configuration.context.version < _CONDITIONS_SINCE
    for directive in configuration.config.directives():
        if directive.keyword.startswith(".") and (early or directive.keyword not in CONDITIONALS):
            yield from _dotted(directive, configuration, blamed)


def _dotted(directive: Directive, configuration: Configuration, blamed: Blamed) -> Iterator[Problem]:
    where = blamed.of(directive)
    if where is not None:
        message = f"HAProxy {configuration.context.target} does not know '{directive.keyword}'"
        help_ = "HAProxy 2.4 does" if directive.keyword in CONDITIONALS else "it knows .if, .elif, .else and .endif"
        yield Problem(message, where.origin, help_, config=configuration.line(directive))
