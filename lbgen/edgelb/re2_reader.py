"""From the text of a regular expression of Go's to the steps of an automaton."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_STEPS = 20_000
_MOST_REPEATS = 1000

_NAMED_CLASS = regex(r"\[:(\^?)(\w+):\]")
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": "\\x00-\\x7f",
    "blank": "\\t ",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t\\n\\v\\f\\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_GROUP = regex(r"\?(?:P?<(?P<name>\w+)>|(?P<flags>[imsU]*(?:-[imsU]+)?)(?P<end>[:)]))")
_COUNTED = regex(r"\{(\d+)(,(\d*))?\}")
_HEXADECIMAL = regex(r"\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})|\\([0-7]{3})")
_CONTROLS = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}


class BadPattern(ValueError):  # noqa: N818 - said as a fault of the user's text
    """The text is no expression of Go's; `at` is the offset at fault."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(slots=True)
class Step:
    """A state: it takes a character that passes `takes`, or goes on without one where `holds` allows it."""

    takes: Callable[[str], object] | None = None
    holds: Callable[[str, int], bool] | None = None
    to: list[int] = field(default_factory=list)


def read(text: str) -> tuple[tuple[Step, ...], int, int]:
    """The steps of the expression, and which of them are its first and its last; raises BadPattern."""
    reader = _Reader(text)
    first, last = reader.whole()
    return tuple(reader.steps), first, last


Piece = tuple[int, int]
"""The first and last state of a part of the expression."""


def _word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def _at_boundary(name: str, at: int) -> bool:
    return (at > 0 and _word(name[at - 1])) != (at < len(name) and _word(name[at]))


class _Reader:
    """One reading of one expression; each method takes a part of it, moves `at` behind, and adds its states."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.steps: list[Step] = []
        self.flags = frozenset[str]()

    def whole(self) -> Piece:
        made = self.alternatives()
        if self.at < len(self.text):
            raise BadPattern("a ')' closes no group", self.at)
        return made

    def alternatives(self) -> Piece:
        first, last = self.step(), self.step()
        before = self.flags
        while True:
            branch = self.sequence()
            self.join(first, branch[0])
            self.join(branch[1], last)
            if not self.text.startswith("|", self.at):
                self.flags = before
                return first, last
            self.at += 1

    def sequence(self) -> Piece:
        first = last = self.step()
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            piece = self.repeated()
            if piece is not None:
                self.join(last, piece[0])
                last = piece[1]
        return first, last

    def repeated(self) -> Piece | None:
        start, flags = self.at, self.flags
        piece = self.atom()
        if piece is None:
            if self.at > start and self.bounds() is not None:
                raise BadPattern("a repetition repeats nothing", start)
            return None
        end, after = self.at, self.flags
        bounds = self.bounds()
        if bounds is None:
            return piece
        behind = self.at
        if self.bounds() is not None:
            raise BadPattern("a repetition is repeated; put the inner one into parentheses", behind)
        made = self.times(piece, *bounds, again=(start, end, flags))
        self.at, self.flags = behind, after
        return made

    def bounds(self) -> tuple[int, int | None] | None:
        """How often the part in front comes: least and most (None: without end); None where nothing says so."""
        sign = self.text[self.at : self.at + 1]
        found: tuple[int, int | None] | None = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign)
        length = 1
        if (counted := _COUNTED.match(self.text, self.at)) is not None:
            least, length = int(counted[1]), len(counted[0])
            most = (int(counted[3]) if counted[3] else None) if counted[2] else least
            if max(least, most or 0) > _MOST_REPEATS or (most is not None and most < least):
                raise BadPattern(f"{counted[0]} is no number of repetitions", self.at)
            found = least, most
        if found is not None:
            self.at += length
            # Taking as little as possible finds the same names.
            self.at += self.text.startswith("?", self.at)
        return found

    def times(self, piece: Piece, least: int, most: int | None, again: tuple[int, int, frozenset[str]]) -> Piece:
        first = last = self.step()
        for number in range(max(least, most or 0, 1)):
            if number:
                piece = self.copy(*again)
            skip = number >= least
            self.join(last, piece[0])
            end = self.step()
            self.join(piece[1], end)
            if skip:
                self.join(last, end)
            if most is None and number == max(least, 1) - 1:
                self.join(piece[1], piece[0])
            last = end
        return (first, last) if most != 0 else self.nothing()

    def nothing(self) -> Piece:
        only = self.step()
        return only, only

    def copy(self, start: int, end: int, flags: frozenset[str]) -> Piece:
        self.at, self.flags = start, flags
        piece = self.atom()
        assert piece is not None and self.at == end  # it was read before  # noqa: S101, PT018
        return piece

    def atom(self) -> Piece | None:
        sign = self.text[self.at]
        if sign in "*+?" or _COUNTED.match(self.text, self.at):
            raise BadPattern(f"'{sign}' repeats nothing", self.at)
        if self.text.startswith("\\Q", self.at):
            self.quoted()
            return None
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.takes(self.bracket())
        self.at += 1
        if sign == ".":
            return self.takes((lambda _: True) if "s" in self.flags else (lambda character: character != "\n"))
        if sign in "^$":
            return self.anchor(sign)
        return self.escape() if sign == "\\" else self.literal(sign)

    def quoted(self) -> None:
        r"""Spells out what stands between `\Q` and `\E`, which is read next."""
        end = self.text.find("\\E", self.at)
        inside = self.text[self.at + 2 : end if end >= 0 else len(self.text)]
        behind = self.text[end + 2 :] if end >= 0 else ""
        self.text = self.text[: self.at] + re.sub(r"(\W)", r"\\\1", inside, flags=re.ASCII) + behind

    def group(self) -> Piece | None:
        start, before = self.at, self.flags
        self.at += 1
        if self.text.startswith("?", self.at):
            match = _GROUP.match(self.text, self.at)
            if match is None:
                raise BadPattern("such a group is not known to Go, which cannot look around", start)
            self.at = match.end()
            if match["flags"] is not None:
                on, _, off = match["flags"].partition("-")
                self.flags = (self.flags | set(on)) - set(off)
                if match["end"] == ")":
                    return None
        piece = self.alternatives()
        self.flags = before
        if not self.text.startswith(")", self.at):
            raise BadPattern("a '(' is not closed", start)
        self.at += 1
        return piece

    def bracket(self) -> Callable[[str], object]:
        """A test for the class of characters in brackets."""
        start = self.at
        end = self.text.find("]", start + 2 + self.text.startswith("^", start + 1))
        while end > 0 and (
            self.text.rfind("[:", start + 1, end) > self.text.rfind(":]", start + 1, end) or self._odd(end)
        ):
            end = self.text.find("]", end + 1)
        if end < 0:
            raise BadPattern("a '[' is not closed", start)
        self.at = end + 1
        return self.characters(self.text[start : self.at], start)

    def _odd(self, end: int) -> bool:
        """Whether a backslash stands for the bracket itself."""
        before = self.text[:end]
        return (len(before) - len(before.rstrip("\\"))) % 2 == 1

    def characters(self, text: str, start: int) -> Callable[[str], object]:
        known = _NAMED_CLASS.sub(lambda match: _POSIX.get(match[2], "") if not match[1] else "", text)
        if any(match[1] or match[2] not in _POSIX for match in _NAMED_CLASS.finditer(text)) or "\\p" in known.lower():
            raise BadPattern(f"{text:.40} has a class of characters that is not known here", start)
        flags = re.ASCII | (re.IGNORECASE if "i" in self.flags else 0)
        try:
            # One character at a time: Python's own engine has nothing to try twice.
            return re.compile(known[0] + known[1:].replace("[", "\\["), flags).fullmatch
        except re.error as error:
            raise BadPattern(f"{text:.40} is no class of characters: {error.msg}", start) from None

    def escape(self) -> Piece | None:
        start = self.at - 1
        sign = self.text[self.at : self.at + 1]
        if match := _HEXADECIMAL.match(self.text, start):
            self.at = match.end()
            code = int(match[3], 8) if match[3] else int(match[1] or match[2], 16)
            return self.literal(chr(min(code, 0x10FFFF)))
        self.at += 1
        if sign and sign in "dDsSwW":
            return self.takes(self.characters(f"[\\{sign}]", start))
        if sign and sign in "AzbB":
            return self.anchor(sign)
        if sign in _CONTROLS:
            return self.literal(_CONTROLS[sign])
        if not sign or sign.isalnum():
            raise BadPattern(f"'\\{sign}' is not known to Go", start)
        return self.literal(sign)

    def anchor(self, sign: str) -> Piece:
        lines = "m" in self.flags
        tests: dict[str, Callable[[str, int], bool]] = {
            "^": lambda name, at: at == 0 or (lines and name[at - 1] == "\n"),
            "$": lambda name, at: at == len(name) or (lines and name[at] == "\n"),
            "A": lambda _, at: at == 0,
            "z": lambda name, at: at == len(name),
            "b": _at_boundary,
            "B": lambda name, at: not _at_boundary(name, at),
        }
        first, last = self.step(), self.step()
        self.steps[first].holds = tests[sign]
        self.join(first, last)
        return first, last

    def literal(self, character: str) -> Piece:
        if "i" in self.flags:
            lower = character.lower()
            return self.takes(lambda other: other.lower() == lower)
        return self.takes(lambda other: other == character)

    def takes(self, test: Callable[[str], object]) -> Piece:
        first, last = self.step(), self.step()
        self.steps[first].takes = test
        self.join(first, last)
        return first, last

    def step(self) -> int:
        if len(self.steps) >= _MOST_STEPS:
            raise BadPattern("it is too large: its repetitions multiply", self.at)
        self.steps.append(Step())
        return len(self.steps) - 1

    def join(self, first: int, second: int) -> None:
        self.steps[first].to.append(second)
