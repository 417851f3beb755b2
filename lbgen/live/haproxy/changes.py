"""What changes from one haproxy.cfg to the next, where that is nothing but servers of backends."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.haproxy.parse import parse
from lbgen.live.haproxy.backends import HEADER, KINDS, defaults_before, inherited_by, read_backend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Config, Section
    from lbgen.live.haproxy.backends import Backend


class ReloadNeeded(Exception):  # noqa: N818 - it is no error: there is another way
    """The runtime API cannot do it; `str()` says why, in a few words."""


class Change(NamedTuple):
    """A backend that has other servers than before, or its servers otherwise."""

    before: Backend
    after: Backend


def changes(old: str, new: str) -> list[Change]:
    """The backends that differ; raises ReloadNeeded where anything else differs too."""
    if old == new:
        return []
    start, old_end, new_end = _window(old, new)
    given = defaults_before(new, start)
    before, after = parse(old[start:old_end]), parse(new[start:new_end])
    if [_title(before, each) for each in before.sections] != [_title(after, each) for each in after.sections]:
        raise ReloadNeeded(_first_difference(before, after))
    return list(_changes(before, after, given, new))


def _changes(before: Config, after: Config, given: Section | None, text: str) -> Iterator[Change]:
    for old, new in zip(before.sections, after.sections, strict=True):
        if new.kind == "defaults":
            given = new
        if _lines(old) == _lines(new):
            continue
        if new.kind not in KINDS:
            msg = f"{new.header} changes"
            raise ReloadNeeded(msg)
        inherited = inherited_by(after.text_at(new.line), given, text)
        change = Change(read_backend(old, before, inherited), read_backend(new, after, inherited))
        if change.before.frame != change.after.frame:
            msg = f"{new.header} changes in more than its servers"
            raise ReloadNeeded(msg)
        yield change


def _lines(section: Section) -> list[str]:
    return [directive.raw for directive in section.directives]


def _title(config: Config, section: Section) -> tuple[str, str]:
    """The header as it is written, nothing for what stands in front of the first one."""
    return section.kind, config.text_at(section.line) if section.kind else ""


def _first_difference(before: Config, after: Config) -> str:
    old = {section.header: section for section in before.sections}
    new = {section.header: section for section in after.sections}
    come = next((header for header in new if header not in old), None)
    if come is not None:
        return f"{come} is new"
    gone = next((header for header in old if header not in new), None)
    return f"{gone} goes" if gone is not None else "sections change their places"


def _window(old: str, new: str) -> tuple[int, int, int]:
    """Where whole sections begin to differ, and where in the old and in the new text they stop to."""
    front = _common(old, new)
    back = _common_end(old, new, min(len(old), len(new)) - front)
    start = _header_before(new, front)
    old_end = _next_header(old, old.find("\n", len(old) - back) + 1 if back else 0)
    return start, old_end, len(new) - (len(old) - old_end)


def _common(old: str, new: str) -> int:
    """How many characters both texts begin with."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        # What lies in front of `low` is known to be equal.
        low, high = (middle, high) if old[low:middle] == new[low:middle] else (low, middle - 1)
    return low


def _common_end(old: str, new: str, most: int) -> int:
    """How many characters both texts end with, at most so many."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        same = old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]
        low, high = (middle, high) if same else (low, middle - 1)
    return low


def _header_before(text: str, position: int) -> int:
    """Where the last section begins whose whole header lies in front of this place; 0 without one."""
    line = text.rfind("\n", 0, position) + 1
    while line > 0:
        line = text.rfind("\n", 0, line - 1) + 1
        if HEADER.match(text, line):
            break
    return line


def _next_header(text: str, line: int) -> int:
    """Where the first section begins at or behind this beginning of a line (0: none), or the end of the text."""
    while 0 < line < len(text):
        if HEADER.match(text, line):
            return line
        line = text.find("\n", line) + 1
    return len(text)
