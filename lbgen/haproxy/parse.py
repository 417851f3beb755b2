"""A haproxy.cfg as sections and directives, losslessly: whatever it holds, `str(parse(text)) == text`."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.haproxy.words import is_plain, read_line
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.words import LexError, Word

_ALL_SECTIONS = (
    "acme backend cache crt-store defaults fcgi-app frontend global http-errors listen log-forward log-profile mailers "
    "namespace_list peers program resolvers ring traces userlist"
)
SECTION_KEYWORDS = frozenset(_ALL_SECTIONS.split())
_FIRST_WORD = regex(r"""[ \t\v\f\r]*([^ \t\v\f\r\0#"'\\]*)(["'\\]?)""")


@dataclass(frozen=True, slots=True)
class Directive:
    """A line that says something; `line` counts from 1, `section` is the section's header as in `backend web_10001`.

    `raw` is the whole line without its line feed. What follows from it is worked out when it is asked for.
    """

    keyword: str
    line: int
    section: str
    raw: str

    @property
    def args(self) -> tuple[Word, ...]:
        """The words behind the keyword, up to an empty one: there HAProxy stops reading."""
        words = read_line(self.raw).words[1:]
        empty = next((index for index, word in enumerate(words) if not word.text), len(words))
        return words[:empty]

    @property
    def values(self) -> tuple[str, ...]:
        """The texts of `args`."""
        return tuple(word.text for word in self.args)

    @property
    def comment(self) -> str | None:
        """The comment at the end of the line, its `#` included."""
        start = None if "#" not in self.raw else read_line(self.raw).comment
        return None if start is None else self.raw[start:]

    @property
    def problem(self) -> LexError | None:
        """Why HAProxy cannot cut the line into words, if it cannot."""
        return None if is_plain(self.raw) else read_line(self.raw).error


@dataclass(frozen=True, slots=True)
class Section:
    """A section: `kind` is its keyword, `name` may be empty, `line` is that of its header, counted from 1.

    What stands in front of the first header, and is no comment, is a section of kind "" at line 1.
    """

    kind: str
    name: str
    line: int
    directives: tuple[Directive, ...]

    @property
    def header(self) -> str:
        """How the section introduces itself: `backend web_10001`, `global`."""
        return f"{self.kind} {self.name}" if self.name else self.kind

    def named(self, keyword: str) -> tuple[Directive, ...]:
        """The section's directives with this keyword, in their order."""
        return tuple(directive for directive in self.directives if directive.keyword == keyword)


@dataclass(frozen=True, slots=True)
class Config:
    """A haproxy.cfg; `lines` are all its lines without line feeds, `str()` gives the text back as it was."""

    name: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def directives(self) -> Iterator[Directive]:
        """All directives of all sections, from top to bottom; headers of sections are none."""
        for section in self.sections:
            yield from section.directives

    def find(self, name: str, *kinds: str) -> Section | None:
        """The first section of this name, of one of these kinds if any are given."""
        found = (section for section in self.sections if section.name == name and (not kinds or section.kind in kinds))
        return next(found, None)

    def section_at(self, line: int) -> Section | None:
        """The section that line `line` (from 1) belongs to; None in front of the first one and behind the end."""
        if line > len(self.lines):
            return None
        index = bisect_right(self.sections, line, key=lambda section: section.line) - 1
        return self.sections[index] if index >= 0 else None

    def text_at(self, line: int) -> str:
        """The text of line `line` (from 1), or "" where there is no such line."""
        return self.lines[line - 1] if 1 <= line <= len(self.lines) else ""


def parse(text: str, name: str = "haproxy.cfg") -> Config:
    """The configuration that the text holds; nothing in it is refused, problems are kept with their directives.

    `name` is what messages call the file.
    """
    lines = tuple(text.split("\n"))
    return Config(name, lines, tuple(_sections(lines)))


def _sections(lines: tuple[str, ...]) -> Iterator[Section]:
    kind, name, header, start = "", "", "", 1
    directives: list[Directive] = []
    for number, line in enumerate(lines, 1):
        keyword = _keyword(line)
        if keyword in SECTION_KEYWORDS:
            if kind or directives:
                yield Section(kind, name, start, tuple(directives))
            kind, name, start, directives = keyword, _name(line), number, []
            header = f"{kind} {name}" if name else kind
        elif keyword is not None:
            directives.append(Directive(keyword, number, header, line))
    if kind or directives:
        yield Section(kind, name, start, tuple(directives))


def _keyword(line: str) -> str | None:
    """The first word of a line, None where there is none."""
    match = _FIRST_WORD.match(line)
    if match is None:  # it matches every line, be it with nothing
        return None
    if not match[2]:
        return match[1] or None
    words = read_line(line).words
    return words[0].text if words else match[1] or match[2]


def _name(line: str) -> str:
    words = read_line(line).words
    return words[1].text if len(words) > 1 else ""
