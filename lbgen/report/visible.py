"""Users' text made safe for a terminal: nothing in it moves the cursor, and every character's width is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

TAB = "    "
CUT = "..."
_MOST = 800
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Control, format and private characters, halves of surrogate pairs, unassigned ones, line and paragraph separators.
_UNSAFE = frozenset(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))
_VARIATION = regex("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def visible(text: str) -> str:
    """The text in one line, with everything that is no plain character written out, as in `<U+001B>`.

    Of a text that is long beyond reading the middle is left out.
    """
    if len(text) > _MOST:
        text = f"{text[: _MOST - 100]} {CUT} {text[-80:]}"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_SHORT.get(char) or _shown(char)[0] for char in text)


class _Cell(NamedTuple):
    """How a character is shown, and how many columns of a terminal that takes."""

    shown: str
    width: int


def _shown(char: str) -> _Cell:
    if char.isascii() and char.isprintable():
        return _Cell(char, 1)
    return _Cell(TAB, len(TAB)) if char == "\t" else _unusual(char)


def _unusual(char: str) -> _Cell:
    from unicodedata import category, combining, east_asian_width

    if _VARIATION.match(char):
        # It may change the width of the character before it, by terminal.
        return _Cell("", 0)
    if category(char) in _UNSAFE:
        shown = f"<U+{ord(char):04X}>"
        return _Cell(shown, len(shown))
    if combining(char) or category(char) in {"Mn", "Me"}:
        return _Cell(char, 0)
    return _Cell(char, 2 if east_asian_width(char) in "WF" else 1)


class Excerpt(NamedTuple):
    """A line, cut around a stretch of it that stands behind `indent` columns and takes `width` columns."""

    text: str
    indent: int
    width: int


def excerpt(line: str, start: int, end: int, columns: int = 100) -> Excerpt:
    """The line around its characters `start` up to `end`, in about that many columns of a terminal.

    The stretch is shown from its start on, with as much of what is before it as fits.
    """
    lead, tail = min(start, 20), min(max(len(line) - end, 0), 10)
    middle = _fitting(map(_shown, line[start : min(end, start + columns)]), columns - lead - tail)
    width = _width(middle)
    before = _fitting(map(_shown, reversed(line[max(start - columns, 0) : start])), columns - width - tail)[::-1]
    indent = _width(before)
    behind = start + len(middle)
    # Where the stretch itself is cut, nothing more of it is shown without being meant.
    room = columns - indent - width if behind >= end else 0
    after = _fitting(map(_shown, line[behind : behind + columns]), room)
    left = CUT if len(before) < start else ""
    right = f" {CUT}" if behind + len(after) < len(line) else ""
    shown = "".join(cell.shown for cell in (*before, *middle, *after))
    return Excerpt(f"{left}{shown}{right}", len(left) + indent, max(width, 1))


def _fitting(cells: Iterable[_Cell], columns: int) -> list[_Cell]:
    """The cells from the first on that fit into the columns."""
    fitting, used = [], 0
    for cell in cells:
        used += cell.width
        if used > columns:
            break
        fitting.append(cell)
    return fitting


def _width(cells: Iterable[_Cell]) -> int:
    return sum(cell.width for cell in cells)
