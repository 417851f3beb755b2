"""What differs between two configurations, by section and directive; blanks and comments do not count."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.haproxy.words import read_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.haproxy.parse import Config, Directive, Section

Sign = Literal["+", "-", " "]


class Change(NamedTuple):
    """A line that came (`+`) or went (`-`): `line` counts from 1 in the file that has it, `text` has no comment."""

    sign: Sign
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section that came, went or has changes; `line` is that of its header, in the file that `sign` means."""

    sign: Sign
    header: str
    line: int
    changes: tuple[Change, ...]


def compare(old: Config, new: Config) -> list[SectionChange]:
    """The sections that differ, in the order of the new file, what went where it was.

    Sections that only stand elsewhere do not differ; directives that do, in their section, go and come again.
    """
    before, after = _by_key(old), _by_key(new)
    return [
        change for key in _together(list(before), list(after)) if (change := _change(before.get(key), after.get(key)))
    ]


def text_of(directive: Directive) -> str:
    """The words of the line, one blank apart; the whole line where HAProxy cannot cut it into words."""
    read = read_line(directive.raw)
    return directive.raw.strip() if read.error is not None else " ".join(word.raw for word in read.words)


class _Key(NamedTuple):
    """A section: its header, and how many of that header came before it."""

    header: str
    number: int


def _by_key(config: Config) -> Mapping[_Key, Section]:
    seen: Counter[str] = Counter()
    found = {}
    for section in config.sections:
        found[_Key(section.header, seen[section.header])] = section
        seen[section.header] += 1
    return found


def _together(before: Sequence[_Key], after: Sequence[_Key]) -> Iterator[_Key]:
    """The keys of both: those of `after` in their order, the others behind what was in front of them."""
    there = set(after)
    gone: dict[_Key | None, list[_Key]] = {}
    last: _Key | None = None
    for key in before:
        if key in there:
            last = key
        else:
            gone.setdefault(last, []).append(key)
    yield from gone.get(None, ())
    for key in after:
        yield key
        yield from gone.get(key, ())


def _change(old: Section | None, new: Section | None) -> SectionChange | None:
    """What differs between the two, of which one may be missing; None where nothing does."""
    if old is None and new is not None:
        return SectionChange("+", new.header, new.line, tuple(_all("+", new)))
    if new is None and old is not None:
        return SectionChange("-", old.header, old.line, tuple(_all("-", old)))
    assert old is not None  # noqa: S101 - one of them is there
    assert new is not None  # noqa: S101 - one of them is there
    changes = tuple(_lines(old.directives, new.directives))
    return SectionChange(" ", new.header, new.line, changes) if changes else None


def _all(sign: Sign, section: Section) -> Iterator[Change]:
    return (Change(sign, each.line, text_of(each)) for each in section.directives)


def _lines(old: Sequence[Directive], new: Sequence[Directive]) -> Iterator[Change]:
    from difflib import SequenceMatcher

    before, after = [text_of(each) for each in old], [text_of(each) for each in new]
    if before == after:
        return
    for kind, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (Change("-", old[index].line, before[index]) for index in range(first, last))
            yield from (Change("+", new[index].line, after[index]) for index in range(start, end))
