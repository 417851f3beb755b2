"""Changes inside a JSON string: only the characters that change are written anew."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING

from lbgen.source.replacement import CannotReplace, Change, Replacement, narrowed
from lbgen.source.slip import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.source.document import Document


def changed_string(document: Document, place: Place, changes: Sequence[Change]) -> Iterator[Replacement]:
    """The replacements that change the string at the place; a value that is no string becomes one as a whole."""
    text = document.text
    if not text.startswith('"', place.start):
        yield Replacement(place.start, place.end, f'"{encoded(_only(changes).text, document.escapes)}"')
        return
    old = json.loads(text[place.start : place.end])
    for start, end, new in clipped(old, changes):
        yield Replacement(*document.index.inside(place, start, end), encoded(new, document.escapes))


def renamed_key(document: Document, key: tuple[int, int], old: str, new: str) -> Iterator[Replacement]:
    """The replacements that give a key another name."""
    for start, end, inside in clipped(old, [Change(0, len(old), new)]):
        yield Replacement(*document.index.inside(Place(*key), start, end), encoded(inside, document.escapes))


def clipped(old: str, changes: Sequence[Change]) -> list[Change]:
    """The changes in their order, each only as long as it changes something; those that change nothing are left out.

    Raises CannotReplace where two of them overlap.
    """
    inside = [Change(min(start, len(old)), min(end, len(old)), text) for start, end, text in sorted(changes)]
    if any(one.end > other.start for one, other in pairwise(inside)):
        raise CannotReplace("two edits are about one stretch of a text")
    made = [narrowed(old, change) for change in inside]
    return [change for change in made if change.start != change.end or change.text]


def _only(changes: Sequence[Change]) -> Change:
    if len(changes) != 1 or changes[0].start:
        raise CannotReplace("there is no text to change a part of")
    return changes[0]


def encoded(value: str, escapes: bool = False) -> str:
    """The inside of a JSON string, with `escapes` for all but ASCII, else only where they must be."""
    text = json.dumps(value, ensure_ascii=escapes)[1:-1]
    # One half of a surrogate pair is no UTF-8.
    return "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in text)
