"""What a parser raises about a text: where, and one sentence."""

from __future__ import annotations

from typing import NamedTuple, NoReturn, Protocol


class Slip(Exception):  # noqa: N818 - a slip of the user's, not an error of the parser's
    """The text is not what it should be at `offset`; `str()` says what is wrong and what was expected."""

    def __init__(self, offset: int, sentence: str, help: str = "") -> None:
        super().__init__(sentence)
        self.offset = offset
        self.help = help


class Place(NamedTuple):
    """Where a value stands: offsets of the value, and of its key where it is a member of an object."""

    start: int
    end: int
    key: tuple[int, int] | None = None

    def of_key(self) -> tuple[int, int]:
        """The offsets of the key; of the value itself where it has none."""
        return self.key if self.key is not None else (self.start, self.end)


class Index(Protocol):
    """What finds the values of one document."""

    def find(self, tokens: list[str]) -> Place | None:
        """The place of the value that these tokens of a JSON pointer lead to, or None."""

    def members(self, tokens: list[str]) -> dict[str, Place]:
        """The places of what is directly in the object or list that the tokens lead to, in the order of the text."""

    def inside(self, place: Place, start: int, end: int) -> tuple[int, int]:
        """The offsets of the characters `start` up to `end` of the decoded string at `place`."""


class Twice(NamedTuple):
    """A member that an object has more than once: the tokens of its pointer, and the offsets of two of its keys."""

    tokens: tuple[str, ...]
    first: tuple[int, int]
    again: tuple[int, int]


RESERVED = "\ufdd0\ufdd1\ufdd2"


def reserved(offset: int, code: int) -> NoReturn:
    """Raise the slip about a character that lbgen keeps for itself."""
    raise Slip(offset, f"the character U+{code:04X} is reserved, no text may hold it; take it out")
