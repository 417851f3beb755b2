"""The last sentence of a run: what is left out, what is served, what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.cli.streams import say

if TYPE_CHECKING:
    from collections.abc import Sequence


def end(
    left_out: Sequence[str], number: int, done: Sequence[str], *, complete: bool, to_file: bool, quiet: bool
) -> None:
    """Says what happened: who is left out, `number` in all, and what is done, in parts of a sentence.

    Of a run that is complete nothing is said where the result itself is on standard output, or with `quiet`.
    """
    if complete and (quiet or not to_file):
        return
    missing = [f"{some(left_out)} {'is' if number == 1 else 'are'} left out"] if left_out else []
    say(f"lbgen: {'; '.join([*missing, *done])}")


def some(names: Sequence[str]) -> str:
    """The names, or the first of many, and how many more there are."""
    from lbgen.report.visible import visible

    named = [visible(name) for name in dict.fromkeys(names)]
    if len(named) <= 5:
        return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
    return f"{', '.join(named[:4])} and {len(names) - 4} more"


def counted(number: int, what: str, verb: str) -> str:
    """As in `1 app is served`."""
    return f"{number:,} {what}{'' if number == 1 else 's'} {'is' if number == 1 else 'are'} {verb}"
