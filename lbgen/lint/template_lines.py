"""The lines of a label's template in words, with where each word stands in the label."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import Severity
from lbgen.haproxy.words import read_line
from lbgen.lint.label_templates import lines, used_overrides
from lbgen.model.braces import undoubled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.words import Word
    from lbgen.lint.label_templates import Override
    from lbgen.lint.subjects import App
    from lbgen.origin import Origin


class Said(NamedTuple):
    """A line of a template that says something: its words, its text as HAProxy will see it, where it starts.

    `first` tells whether it is the first one, `trusted` whether the operator lets labels say anything; `raw` is the
    line as the label has it.
    """

    override: Override
    words: tuple[Word, ...]
    text: str
    raw: str
    start: int
    first: bool
    trusted: bool

    @property
    def severity(self) -> Severity:
        """How bad it is where the line leaves its place: an operator who trusts the labels may let it."""
        return Severity.WARNING if self.trusted else Severity.ERROR

    @property
    def origin(self) -> Origin:
        """The line, without the blanks around it."""
        begin = self.start + len(self.raw) - len(self.raw.lstrip())
        return self.override.label.origin.narrowed(begin, self.start + len(self.raw.rstrip()))

    def at(self, text: str) -> Origin:
        """Where a text first stands in the line; the whole line where braces keep it from being found."""
        begin = self.raw.find(text)
        if begin < 0:
            return self.origin
        return self.override.label.origin.narrowed(self.start + begin, self.start + begin + len(text))


def said_lines(app: App) -> tuple[Said, ...]:
    """Every line that says something of the app's templates in use."""
    if "lines" not in app.memo:
        app.memo["lines"] = tuple(_said_lines(app))
    found: tuple[Said, ...] = app.memo["lines"]
    return found


def _said_lines(app: App) -> Iterator[Said]:
    for override in used_overrides(app):
        first = True
        for line in lines(override.text):
            text = undoubled(line.text) if override.row.substituted else line.text
            words = read_line(text).words
            if words:
                yield Said(override, words, text, line.text, line.start, first, app.context.unsafe_templates)
                first = False
