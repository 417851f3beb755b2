"""Names that are one slip away from others: a letter too much, too few or another, two swapped, or the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHORTEST, _LONGEST = 4, 60


class Slips:
    """Finds the name that was meant; what it takes depends on the length of the names, not on how many there are."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._by_variant: dict[str, str] = {}
        for name in sorted(self._names):
            if _SHORTEST <= len(name) <= _LONGEST:
                for variant in _variants(name):
                    self._by_variant.setdefault(variant, name)

    def meant_by(self, text: str) -> str | None:
        """The name that the text is a slip of; None where it is a name itself, or nothing like one."""
        text = text.strip()
        if text in self._names or not _SHORTEST <= len(text) <= _LONGEST:
            return None
        found = (self._by_variant.get(variant) for variant in _variants(text))
        return next((name for name in found if name is not None and not _told_apart_by_digits(name, text)), None)


def _variants(name: str) -> Iterator[str]:
    """The name without regard to case and punctuation, and with each of its letters left out."""
    folded = "".join(letter for letter in name.casefold() if letter.isalnum())
    yield folded
    for index in range(len(folded)):
        yield folded[:index] + folded[index + 1 :]


def _told_apart_by_digits(name: str, other: str) -> bool:
    return [letter for letter in name if letter.isdigit()] != [letter for letter in other if letter.isdigit()]
