"""Where the lines of a configuration come from: the pool's own fields, lbgen, or somebody else."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Literal, NamedTuple

from lbgen.haproxy.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.origin import Because
    from lbgen.render.writer import Rendered


class Came(NamedTuple):
    """Where a line comes from; `pointer` leads to a field of the pool, where it is the pool's.

    `added` is what a template of the operator's, or whatever runs the text, puts there.
    """

    kind: Literal["pool", "lbgen", "added"]
    pointer: str = ""


OWN, ADDED = Came("lbgen"), Came("added")


def origins(text: str, rendered: Rendered | None) -> Sequence[Came]:
    """Where each line of the text comes from, which was made of the rendered one, if there is any."""
    if rendered is None:
        return [ADDED] * (text.count("\n") + 1)
    if text == rendered.text:
        numbers: Iterator[int] = iter(range(1, text.count("\n") + 2))
    else:
        numbers = _found_again(text, rendered.text)
    because = rendered.source_map.because
    return [_came(because(number)) if number else ADDED for number in numbers]


def _came(because: Because | None) -> Came:
    return OWN if because is None else Came("pool", because.at)


def _found_again(text: str, of: str) -> Iterator[int]:
    """For each line of the text the number of the same line, of the same section, in the other; 0 for a new one."""
    waiting: defaultdict[tuple[str, str], deque[int]] = defaultdict(deque)
    for number, line in enumerate(_placed(of), 1):
        waiting[line].append(number)
    for line in _placed(text):
        numbers = waiting.get(line)
        yield numbers.popleft() if numbers else 0


def _placed(text: str) -> Iterator[tuple[str, str]]:
    """The lines without their indents, each with the header of its section."""
    config = parse(text)
    headers = {section.line: section.header for section in config.sections}
    header = ""
    for number, line in enumerate(config.lines, 1):
        header = headers.get(number, header)
        yield header, line.strip()
