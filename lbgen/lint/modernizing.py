"""Removed directives in today's words, as edits of the text that somebody wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Fix
from lbgen.haproxy.words import read_line
from lbgen.lint.directives import found
from lbgen.marathon.labels import split_name
from lbgen.marathon.templates import TEMPLATES

if TYPE_CHECKING:
    from lbgen.haproxy.modern import Context
    from lbgen.haproxy.parse import Section
    from lbgen.lint.directives import Judged, Written

# The first and the last line of a section's rules, by keyword.
_Phases = dict[str, tuple[int, int]]


class Modernizing:
    """What it takes to rewrite the lines of one configuration."""

    def __init__(self) -> None:
        self._phases: dict[int, _Phases] = {}

    def fix(self, each: Judged, where: Written) -> Fix | None:
        """The line in today's words; None where none certainly do the same, or where the line is not to be edited."""
        if where.text is None or each.place in {"bind", "server"}:
            return None
        from lbgen.haproxy.modern import modern

        # The label's own text, which may hold placeholders, and not what these became.
        words = read_line(where.text).words
        if not words or words[0].text != each.directive.keyword:
            return None
        made = modern(words, self._context(each, where))
        if made is None:
            return None
        indent = where.text[: len(where.text) - len(where.text.lstrip())]
        edit = where.replaced(*found(where.text, words), made.text.replace("\n", f"\n{indent}"))
        return Fix(made.message, (edit,), made.safe) if edit else None

    def _context(self, each: Judged, where: Written) -> Context:
        from lbgen.haproxy.modern import Context

        label = where.because.label if where.because is not None else None
        name = split_name(label) if label else None
        template = TEMPLATES.get(name[1]) if name else None
        line = each.directive.line
        phases = self._phases.setdefault(each.section.line, {}) or self._read(each.section)
        before = frozenset(keyword for keyword, (first, _) in phases.items() if first < line)
        behind = frozenset(keyword for keyword, (_, last) in phases.items() if last > line)
        return Context(each.section.kind, before, behind, bool(template and template.substituted))

    def _read(self, section: Section) -> _Phases:
        phases = self._phases[section.line]
        for directive in section.directives:
            if directive.keyword.startswith(("http-re", "http-check", "req", "rsp")):
                first, _ = phases.get(directive.keyword, (directive.line, 0))
                phases[directive.keyword] = first, directive.line
        return phases
