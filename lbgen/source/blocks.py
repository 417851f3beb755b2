"""Members that an object gets or loses, and items that a list loses, where YAML tells them by lines."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from lbgen.source.replacement import CannotReplace, Replacement
from lbgen.source.yamlstrings import double_quoted, plain_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.source.document import Document
    from lbgen.source.members import Child, Members
    from lbgen.source.slip import Place


def in_block(document: Document, place: Place, children: Sequence[Child], change: Members) -> Iterator[Replacement]:
    """The replacements of whole lines that change the object or list; raises CannotReplace."""
    text = document.text
    stay = [child for child in children if not child.goes]
    if not stay and change.more:
        raise CannotReplace("nothing of the object would stay")
    if not stay:
        yield Replacement(place.start, place.end, "{}" if children[0].place.key else "[]")
        return
    for goes, run in groupby(children, key=lambda child: child.goes):
        if goes:
            yield _gone(text, children, list(run))
    if change.more:
        yield _more(document, stay, change)


def _gone(text: str, children: Sequence[Child], run: Sequence[Child]) -> Replacement:
    """The lines of the members; where the first shares its line with a dash, the one behind moves into its place."""
    first, last = run[0], run[-1]
    start, end = _line_start(text, first.start), _line_end(text, last.end)
    before = text[start : first.start]
    index = children.index(last) + 1
    if re.fullmatch(r" *" if first.place.key else r" *- +", before) and _blank(text[last.end : end]):
        return Replacement(start, min(end + 1, len(text)), "")
    if re.fullmatch(r"[ -]*- +", before) and index < len(children):
        between = text[last.end : children[index].start]
        if not between.strip():
            return Replacement(first.start, children[index].start, "")
    raise CannotReplace("something else stands on the same line")


def _more(document: Document, stay: Sequence[Child], change: Members) -> Replacement:
    """Lines behind the last member, as far to the right as the first one."""
    text = document.text
    end = _line_end(text, stay[-1].end)
    if not _blank(text[stay[-1].end : end]):
        raise CannotReplace("something else stands on the same line")
    end -= text.endswith("\r", 0, end)
    indent = " " * (stay[0].start - _line_start(text, stay[0].start))
    lines = (
        f"{document.newline}{indent}{plain_key(key)}: {double_quoted(inside)}" for key, inside in change.more.items()
    )
    return Replacement(end, end, "".join(lines))


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _blank(text: str) -> bool:
    """Whether nothing but blanks is there, or a comment."""
    return re.fullmatch(r"\s*(?:\s#.*)?", text) is not None
