"""From the characters of a decoded string back to the text that they were written as."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable


class Steps:
    """The runs of one string: each its number of decoded characters, and its offset in the text; `end` is the last."""

    def __init__(self, runs: Iterable[tuple[int, int]], end: int) -> None:
        self._decoded, self._raw, count = array("I"), array("I"), 0
        for length, offset in runs:
            self._decoded.append(count)
            self._raw.append(offset)
            count += length
        self._decoded.append(count)
        self._raw.append(end)

    def raw(self, index: int) -> int:
        """The offset in the text of character `index` of the decoded string; the end for any behind it."""
        index = max(index, 0)
        step = bisect_right(self._decoded, index) - 1
        return min(self._raw[step] + index - self._decoded[step], self._raw[-1])


def escaped(pattern: re.Pattern[str], text: str, start: int, end: int) -> Steps:
    """The steps through a stretch of text, of which `pattern` matches plain runs, and escapes by a group."""
    matches = pattern.finditer(text, start, end)
    return Steps(((1 if match.lastindex else len(match[0]), match.start()) for match in matches), end)
