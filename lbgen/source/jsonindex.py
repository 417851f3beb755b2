"""Where the values of a valid JSON text stand: containers are indexed when a pointer first leads through them."""

from __future__ import annotations

from json import JSONDecoder

from lbgen.regex import regex
from lbgen.source.slip import Place
from lbgen.source.steps import Steps, escaped

# Values that are only skipped become numbers: no objects pile up in memory while a large sibling is skipped.
_skip = JSONDecoder(object_pairs_hook=len, parse_int=len, parse_float=len).raw_decode
_SPACE = regex(r"[ \t\r\n]*")
_STEP = regex(r"[^\\]++|(\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.)")


class JsonIndex:
    """The places of values in a JSON text.

    A container's members are found in one pass, at the speed of the C scanner, and kept; so memory follows the
    containers that were asked for, and time the size of the document times the depth of the pointers.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = Place(self._space(0), len(text.rstrip(" \t\r\n")))
        self._members: dict[int, dict[str, Place]] = {}
        self._steps: dict[int, Steps] = {}

    def find(self, tokens: list[str]) -> Place | None:
        """The place of the value that these tokens of a JSON pointer lead to; of equal keys the last counts."""
        place: Place | None = self._root
        for token in tokens:
            place = self._children(place.start).get(token) if place else None
        return place

    def members(self, tokens: list[str]) -> dict[str, Place]:
        """The places of the members of an object, or of the items of a list, in their order; of equal keys the last."""
        place = self.find(tokens)
        return self._children(place.start) if place else {}

    def inside(self, place: Place, start: int, end: int) -> tuple[int, int]:
        """The offsets of the characters `start` up to `end` of the decoded string; of all where it is no string."""
        if not self._text.startswith('"', place.start):
            return place.start, place.end
        steps = self._steps.get(place.start)
        if steps is None:
            steps = self._steps[place.start] = escaped(_STEP, self._text, place.start + 1, place.end - 1)
        return steps.raw(start), steps.raw(end)

    def _space(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _children(self, start: int) -> dict[str, Place]:
        known = self._members.get(start)
        if known is None:
            kind = self._text[start : start + 1]
            known = self._members[start] = self._object(start) if kind == "{" else self._list(start)
        return known

    def _object(self, at: int) -> dict[str, Place]:
        members: dict[str, Place] = {}
        text, at = self._text, self._space(at + 1)
        while text[at] != "}":
            key, key_end = _skip(text, at)
            start = self._space(self._space(key_end) + 1)
            _, end = _skip(text, start)
            members[key] = Place(start, end, (at, key_end))
            at = self._space(end)
            at = self._space(at + 1) if text[at] == "," else at
        return members

    def _list(self, at: int) -> dict[str, Place]:
        places: dict[str, Place] = {}
        text = self._text
        if text[at : at + 1] != "[":
            return places
        at = self._space(at + 1)
        while text[at] != "]":
            _, end = _skip(text, at)
            places[str(len(places))] = Place(at, end)
            at = self._space(end)
            at = self._space(at + 1) if text[at] == "," else at
        return places
