"""How the value of an `edgelb.*` label is cut into lists and dictionaries, each piece with its place in the value."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


class Piece(NamedTuple):
    """A stretch of a label's value: its text, and where it begins in the value."""

    text: str
    start: int = 0

    @property
    def end(self) -> int:
        """Where it ends in the value."""
        return self.start + len(self.text)

    def stripped(self) -> Piece:
        """The piece without the blanks at its ends."""
        left = self.text.lstrip()
        return Piece(left.rstrip(), self.start + len(self.text) - len(left))


class BadValue(Exception):  # noqa: N818 - a fault of one value, not an error on its way up
    """A label's value cannot be used: `piece` is the part at fault, None for the value as a whole."""

    def __init__(self, message: str, piece: Piece | None = None, help: str = "") -> None:
        super().__init__(message)
        self.piece = piece
        self.help = help


class Note(NamedTuple):
    """Something to say of a piece of a value that can be used."""

    rule: str
    message: str
    piece: Piece
    help: str = ""


@dataclass(frozen=True, slots=True)
class Delimiters:
    """What separates the items of a list, the members of a dictionary, and a key from its value."""

    items: str = ","
    members: str = "|"
    key: str = ":"


@dataclass(slots=True)
class Reading:
    """The reading of one task's labels: what separates, and what was noted on the way."""

    delimiters: Delimiters = field(default_factory=Delimiters)
    notes: list[Note] = field(default_factory=list)

    def listed(self, value: Piece) -> list[Piece]:
        """The items of a list; a blank value has none. Raises BadValue for an empty item."""
        if not value.text.strip():
            return []
        found = [self._tidy(item) for item in _split(value, self.delimiters.items)]
        for item in found:
            if not item.text:
                raise BadValue(f'has an empty item: "{self.delimiters.items}" separates items, and ends none', item)
        return found

    def dictionary(self, value: Piece, keys: Iterable[str]) -> dict[str, Piece]:
        """The members of a dictionary, none of them empty; raises BadValue for keys other than `keys`."""
        known = tuple(keys)
        return self._members(value, lambda key: _check_key(key, known))

    def pair(self, value: Piece) -> tuple[Piece, Piece]:
        """The one member of a dictionary that has exactly one."""
        parts = _split(value, self.delimiters.members)
        if len(parts) > 1:
            separator, count = self.delimiters.members, len(parts)
            raise BadValue(f'should be one pair; "{separator}" separates pairs, and here are {count}', parts[1])
        return self._member(value)

    def _members(self, value: Piece, check: Callable[[Piece], None]) -> dict[str, Piece]:
        made: dict[str, Piece] = {}
        for part in _split(value, self.delimiters.members):
            key, member = self._member(part)
            check(key)
            if not member.text:
                raise BadValue(f'has no value for "{key.text}"', key)
            if key.text in made:
                self.notes.append(Note("label-key-twice", f'has "{key.text}" twice; the last one counts', key))
            made[key.text] = member
        return made

    def _member(self, part: Piece) -> tuple[Piece, Piece]:
        separator = self.delimiters.key
        key, found, _ = part.text.partition(separator)
        if not found:
            help_ = "edgelb.key_delimiter chooses another one" if separator == ":" else ""
            message = f'has a part without "{separator}", which separates a key from its value: "{part.text:.60}"'
            raise BadValue(message, part if part.text else None, help_)
        at = part.start + len(key) + len(separator)
        return self._tidy(Piece(key, part.start)), self._tidy(Piece(part.text[len(key) + len(separator) :], at))

    def _tidy(self, piece: Piece) -> Piece:
        stripped = piece.stripped()
        if stripped.text != piece.text:
            message = "has blanks around a part; they are dropped here, and may be part of the value for Edge-LB"
            self.notes.append(Note("label-blanks", message, piece))
        return stripped


def _split(value: Piece, separator: str) -> list[Piece]:
    found, start = [], value.start
    for text in value.text.split(separator):
        found.append(Piece(text, start))
        start += len(text) + len(separator)
    return found


def _check_key(key: Piece, known: tuple[str, ...]) -> None:
    if key.text not in known:
        raise BadValue(
            f'has an unknown key "{key.text:.60}"', key, suggestion(key.text, {name: name for name in known})
        )


def suggestion(word: str, known: Mapping[str, str]) -> str:
    """What might have been meant: the one of `known`, spelled as there, that is most alike; else all of them."""
    from difflib import get_close_matches

    by_folded = {re.sub(r"[-_. ]", "", name).lower(): shown for name, shown in known.items()}
    close = get_close_matches(re.sub(r"[-_. ]", "", word).lower(), by_folded, n=1, cutoff=0.7)
    return f"did you mean {by_folded[close[0]]}?" if close else f"there are {', '.join(dict.fromkeys(known.values()))}"
