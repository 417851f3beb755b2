"""What differs between two configurations, for people: sections, lines, and whose these are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.report.color import BOLD, FRAME, paint
from lbgen.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lbgen.haproxy.compare import Change, SectionChange

    Whose = Callable[[Change], tuple[str | None, str | None]]

_STYLES = {"+": "32", "-": "31", " ": BOLD}
_COLUMN = 60


def changes(found: Iterable[SectionChange], whose: Whose, *, color: bool = False) -> Iterator[str]:
    """The lines of each section, the changed ones with app and label behind them, and an empty line between two."""
    for number, section in enumerate(found):
        if number:
            yield ""
        header = f"{section.sign} {visible(section.header) or '(no section)'}"
        yield paint(header.rstrip(), _STYLES[section.sign], color)
        for change in section.changes:
            yield _line(change, whose, color)


def _line(change: Change, whose: Whose, color: bool) -> str:
    text = f"{change.sign}   {visible(change.text)}"
    app, label = whose(change)
    if app is None:
        return paint(text, _STYLES[change.sign], color)
    said = f"# {visible(app)}" + (f" {visible(label)}" if label else "")
    return f"{paint(f'{text:<{_COLUMN}}', _STYLES[change.sign], color)}  {paint(said, FRAME, color)}"


def summary(found: Iterable[SectionChange]) -> str:
    """As in `1 section is new, 2 differ`; of no change at all, that nothing differs."""
    signs = [each.sign for each in found]
    parts = [
        _counted(signs.count("+"), "is new", "are new"),
        _counted(signs.count("-"), "is gone", "are gone"),
        _counted(signs.count(" "), "differs", "differ"),
    ]
    return ", ".join(filter(None, parts)) or "nothing differs"


def _counted(number: int, one: str, more: str) -> str:
    return f"{number:,} section{'' if number == 1 else 's'} {one if number == 1 else more}" if number else ""
