"""What would change in files, as unified diffs."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from lbgen.report.color import BOLD, paint
from lbgen.report.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

_STYLES = {"+": "32", "-": "31", "@": "36"}
_NO_NEWLINE = "\\ No newline at end of file"


def unified(
    name: str, before: str, after: str, *, to: str = "", color: bool = False, safe: bool = False
) -> Iterator[str]:
    """The lines of a unified diff, for `patch`; with `safe` for a terminal, which nothing in them moves.

    `to` is what the file is called afterwards, `name` unless given.
    """
    for line in unified_diff(_lines(before), _lines(after), name, to or name):
        body = line.removesuffix("\n")
        sign = body[:1]
        style = BOLD if line.startswith(("---", "+++")) else _STYLES.get(sign, "")
        shown = visible(body) if safe and not body.isprintable() else body
        yield f"{paint(shown, style, color) if style else shown}\n"
        if not line.endswith("\n"):
            yield f"{_NO_NEWLINE}\n"


def _lines(text: str) -> list[str]:
    """The lines with their line feeds; no other character ends a line."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]
