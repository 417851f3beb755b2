"""The directives of a configuration as rules judge them: how the target takes each, and where somebody wrote it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.finding import Edit
from lbgen.haproxy.conditions import Blocks, blocks
from lbgen.haproxy.keywords import Standing, tables
from lbgen.haproxy.removed import REMOVED
from lbgen.haproxy.words import read_line
from lbgen.marathon.limits import MOST_LINES_TOLD
from lbgen.origin import Position, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.haproxy.keywords import Phrase, Tables, Version
    from lbgen.haproxy.parse import Config, Directive, Section
    from lbgen.haproxy.words import Word
    from lbgen.lint.subjects import Configuration
    from lbgen.origin import Because, Origin

# Lines with options of their own: how many words stand in front of them.
_OPTIONS = {
    "bind": ("bind", 2),
    "server": ("server", 3),
    "default-server": ("server", 1),
    "server-template": ("server", 4),
}
_PROXIES = frozenset({"defaults", "frontend", "listen", "backend"})
# What HAProxy knows there depends on how it was built, or on Lua files that it loads.
_OF_A_BUILD = ("51degrees-", "deviceatlas-", "wurfl-", "ssl-engine", "tune.quic.", "tune.zlib.", "quic-")
_OF_LUA = (
    *("http-request lua.", "http-response lua.", "http-after-response lua."),
    *("tcp-request content lua.", "tcp-response content lua."),
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A directive that the target does not simply take, or an option of it.

    `place` is what the tables call the section, or `bind` and `server` for options of these lines; `words` are those at
    fault.
    """

    directive: Directive
    section: Section
    place: str
    phrase: Phrase
    standing: Standing
    words: Sequence[Word]


# Headers of checks have had lines of their own since this version.
_NO_HEADERS_IN_CHECKS = (2, 2)
_CHECK = "option httpchk with headers"


class _Same:
    """A configuration that is equal to itself alone: comparing whole files takes longer than judging them."""

    __slots__ = ("config", "version")

    def __init__(self, config: Config, version: Version) -> None:
        self.config = config
        self.version = version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.config is other.config and self.version == other.version

    def __hash__(self) -> int:
        return hash((id(self.config), self.version))


def judged(configuration: Configuration) -> Sequence[Judged]:
    """The directives that the target does not simply take, from top to bottom; those that it never reads are none."""
    return _judged(_Same(configuration.config, configuration.context.version))


def conditional_blocks(configuration: Configuration) -> Blocks:
    """The conditional blocks of the configuration as the target sees them."""
    return _blocks(_Same(configuration.config, configuration.context.version))


def called(place: str) -> str:
    """A kind of section, or of a line with options, as it stands in a sentence."""
    if place in {"frontend", "backend"}:
        return f"a {place}"
    if place in {"bind", "server"}:
        return f"a '{place}' line"
    if place == "global":
        return "the global section"
    return f"{'an' if place[0] in 'aeiou' else 'a'} {place.replace('named defaults', 'defaults')} section"


def table_name(section: Section) -> str:
    """What the tables call a section."""
    return "named defaults" if section.kind == "defaults" and section.name else section.kind


@lru_cache(maxsize=16)
def _blocks(same: _Same) -> Blocks:
    return blocks(same.config, same.version)


@lru_cache(maxsize=16)
def _judged(same: _Same) -> Sequence[Judged]:
    known, skipped = tables(), _blocks(same).skipped
    found: list[Judged] = []
    for section in same.config.sections:
        place = table_name(section)
        for directive in section.directives:
            if directive.line not in skipped and not directive.keyword.startswith("."):
                found += _of_line(directive, section, place, known, same.version)
    return found


def _of_line(directive: Directive, section: Section, place: str, known: Tables, version: Version) -> Iterator[Judged]:
    words = read_line(directive.raw).words
    if not words or directive.problem is not None or place == "namespace_list":
        return
    phrase = known.phrase(place, words)
    at_fault = words[: phrase.length]
    if any(word.variables for word in at_fault) or phrase.text.startswith((*_OF_A_BUILD, *_OF_LUA)):
        return
    standing = known.standing(place, phrase.text, version)
    if standing is not Standing.KNOWN:
        yield Judged(directive, section, place, phrase, standing, at_fault)
    elif phrase.text == "option httpchk" and version >= _NO_HEADERS_IN_CHECKS and _hides_headers(words):
        standing = Standing.REMOVED if version >= REMOVED[_CHECK].since else Standing.DEPRECATED
        yield Judged(directive, section, place, phrase._replace(text=_CHECK), standing, words)
    elif section.kind in _PROXIES and directive.keyword in _OPTIONS:
        yield from _options(directive, section, words, known, version)


def _hides_headers(words: Sequence[Word]) -> bool:
    """Whether headers stand behind the version of the protocol that a check asks with."""
    return any("\n" in word.text for word in words[4:])


def _options(
    directive: Directive, section: Section, words: Sequence[Word], known: Tables, version: Version
) -> Iterator[Judged]:
    """Options that the target does not simply take; nothing behind one whose arguments are not known is looked at."""
    kind, at = _OPTIONS[directive.keyword]
    while at < len(words) and words[at].text and not words[at].variables:
        word = words[at]
        phrase = known.phrase(kind, (word,))
        standing = known.standing(kind, phrase.text, version)
        if standing is not Standing.KNOWN:
            yield Judged(directive, section, kind, phrase, standing, (word,))
        if standing is Standing.UNKNOWN or word.text in _SWALLOWING:
            return
        at += 1 + known.arguments[kind].get(word.text, 0)


# The words behind them are their own.
_SWALLOWING = frozenset({"source", "usesrc"})


class Written(NamedTuple):
    """Where somebody wrote a line: `text` is the line there, None where a value became a part of it.

    `origin` is the line; for hand-written files it is a position, for labels the characters of the line.
    """

    origin: Origin
    text: str | None
    because: Because | None

    def at(self, words: Sequence[Word]) -> Origin:
        """These words of the line, as narrowly as they can be told."""
        if self.text is None:
            return self.origin
        start, end = found(self.text, words)
        if self.origin.start is not None:
            return self.origin.narrowed(self.origin.start + start, self.origin.start + end)
        if self.origin.position is not None and self.because is None:
            return self._moved(start)
        return self.origin

    def _moved(self, start: int) -> Origin:
        line = self.origin.position.line if self.origin.position else 1
        return replace(self.origin, position=Position(line, start + 1))

    def replaced(self, start: int, end: int, text: str) -> Edit | None:
        """The edit that puts a text in place of these characters of the line; None where lbgen may not edit it.

        Where nothing of the line would be left, its line break goes too.
        """
        if self.text is None or (self.because is not None and self.because.is_template):
            return None
        if not (self.text[:start] + text + self.text[end:]).strip():
            return self._dropped()
        origin = self.origin
        if origin.start is not None:
            return Edit(origin.document, text, origin.pointer, origin.start + start, origin.start + end)
        if origin.position is None:
            return None
        line = origin.position.line
        return Edit(origin.document, text, span=Span(Position(line, start + 1), Position(line, end + 1)))

    def _dropped(self) -> Edit | None:
        """The edit that takes the whole line out."""
        origin, value = self.origin, self.because.value if self.because is not None else ""
        if self.because is not None and self.because.app is None and "\n" not in value:
            # An item of a pool's list of lines.
            return Edit(origin.document, None, origin.pointer)
        if origin.start is not None and origin.end is not None:
            breaks = value[origin.end : origin.end + 1] == "\n"
            start = origin.start - (not breaks and origin.start > 0)
            return Edit(origin.document, "", origin.pointer, start, origin.end + breaks)
        if origin.position is None:
            return None
        line = origin.position.line
        return Edit(origin.document, "", span=Span(Position(line, 1), Position(line + 1, 1)))


def written(configuration: Configuration, directive: Directive) -> Written | None:
    """Where somebody wrote the directive; None where lbgen did."""
    origin = configuration.origin(directive.line, directive.raw)
    if origin is None or configuration.source_map is None:
        return None if origin is None else Written(origin, directive.raw, None)
    because = configuration.source_map.because(directive.line, directive.raw)
    text = None
    if because is not None and because.lines and origin.start is not None:
        text = because.value[origin.start : origin.end]
    elif because is not None and because.is_template and origin.position is not None:
        text = _line(because.value, origin.position.line)
    return Written(origin, text, because)


def _line(text: str, number: int) -> str | None:
    lines = text.split("\n")
    return lines[number - 1] if 0 < number <= len(lines) else None


def found(text: str, words: Sequence[Word]) -> tuple[int, int]:
    """Where these words, one behind the other, stand in the text; the whole text without blanks where they do not."""
    if words and text.startswith(words[0].raw, words[0].start) and text.startswith(words[-1].raw, words[-1].start):
        # It is the very line that was read: searching it once for each word of a long one would take for ever.
        return words[0].start, words[-1].end
    start = end = text.find(words[0].raw) if words else -1
    for word in words if start >= 0 else ():
        end = text.find(word.raw, end)
        if end < 0:
            break
        end += len(word.raw)
    if start < 0 or end < 0:
        return len(text) - len(text.lstrip()), len(text.rstrip())
    return start, end


class Blamed:
    """Who is at fault for the directives of one configuration, each place once however many lines repeat it.

    Of very many lines of one label the first ones are enough.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._seen: set[object] = set()
        self._of_label: Counter[tuple[str, str]] = Counter()
        self._last: tuple[Directive, Written | None] | None = None

    def of(self, directive: Directive, words: Sequence[Word] = ()) -> Written | None:
        """Where the directive was written; None where lbgen wrote it, or where that was told before."""
        place = self._written(directive)
        if place is None:
            return None
        label = (place.origin.document, place.origin.pointer)
        if self._of_label[label] >= MOST_LINES_TOLD:
            return None
        key = (place.at(words or read_line(directive.raw).words), place.text)
        if key in self._seen:
            return None
        self._seen.add(key)
        self._of_label[label] += bool(place.origin.pointer)
        return place

    def _written(self, directive: Directive) -> Written | None:
        # Many words of one line are asked about one after the other, and finding the line takes as long as it is.
        if self._last is None or self._last[0] is not directive:
            self._last = directive, written(self._configuration, directive)
        return self._last[1]
