"""Members that an object gets or loses, and items that a list loses, where brackets stand around them."""

from __future__ import annotations

from dataclasses import field
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.source.editing import style_of
from lbgen.source.jsonstrings import encoded
from lbgen.source.replacement import CannotReplace, Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.source.document import Document
    from lbgen.source.slip import Place


@dataclass(slots=True)
class Members:
    """What happens to the members of an object or the items of a list: texts that come by their keys, what goes."""

    more: dict[str, str] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)


class Child(NamedTuple):
    """A member or an item, and whether it goes."""

    place: Place
    goes: bool

    @property
    def start(self) -> int:
        """Where its key begins, or the item."""
        return self.place.of_key()[0]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.place.end


def changed_members(document: Document, tokens: list[str], change: Members) -> Iterator[Replacement]:
    """The replacements that change the object or list that the tokens lead to; raises CannotReplace."""
    place = document.index.find(tokens)
    found = document.index.members(tokens)
    if place is None or not change.without <= found.keys():
        raise CannotReplace("what is to go is not there")
    children = [Child(inside, key in change.without) for key, inside in found.items()]
    children.sort(key=lambda child: child.start)
    bracket = document.text[place.start : place.start + 1]
    if change.more and (bracket == "[" or not (bracket == "{" or any(child.place.key for child in children))):
        raise CannotReplace("there is no object to put a member into")
    if bracket in {"{", "["}:
        return _in_brackets(document, place, children, change)
    from lbgen.source.blocks import in_block

    return in_block(document, place, children, change)


def _in_brackets(document: Document, place: Place, children: Sequence[Child], change: Members) -> Iterator[Replacement]:
    style = style_of(document.text, place, [child.place for child in children])
    quoted = [[f'"{encoded(text, document.escapes)}"' for text in member] for member in change.more.items()]
    new = [style.colon.join(member) for member in quoted]
    stay = [child for child in children if not child.goes]
    if not stay:
        inside = f"{style.opening}{style.between.join(new)}{style.closing}" if new else ""
        yield Replacement(place.start + 1, place.end - 1, inside)
        return
    added = "".join(f"{style.between}{each}" for each in new)
    for start, end in _gone(children):
        # What goes at the end makes room for what comes.
        behind = start == stay[-1].end
        yield Replacement(start, end, added if behind else "")
        added = "" if behind else added
    if added:
        yield Replacement(stay[-1].end, stay[-1].end, added)


def _gone(children: Sequence[Child]) -> Iterator[tuple[int, int]]:
    """The stretches that go, each with one comma of those around it."""
    at = 0
    for goes, run in groupby(children, key=lambda child: child.goes):
        first, at = at, at + len(list(run))
        if goes and at < len(children):
            yield children[first].start, children[at].start
        elif goes:
            yield children[first - 1].end, children[-1].end
