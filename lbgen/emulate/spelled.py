"""A text that a regular expression matches, for those that people write for hosts and paths."""

from __future__ import annotations

import re

from lbgen.regex import regex

_MOST = 300
_ONE = {
    "d": "1",
    "w": "a",
    "s": " ",
    "h": " ",
    "S": "a",
    "D": "a",
    "W": "-",
    "b": "",
    "B": "",
    "A": "",
    "Z": "",
    "z": "",
}
_TIMES = regex(r"\{(\d{0,3})(?:,\d{0,3})?\}")
_GROUP = regex(r"\?(?:[a-z-]*:|P?<\w+>)")
_FLAGS = regex(r"\(\?[a-z-]+\)")
_FROM_TO = regex(r"\[(\^?)(\]?(?:\\.|\[:\w+:\]|[^\]\\])*)\]", re.DOTALL)
_CLASSES = {"alpha": "a", "alnum": "a", "digit": "1", "lower": "a", "upper": "A", "word": "a", "xdigit": "a"}


def spelled(pattern: str) -> str | None:
    """The shortest text, or so, that matches; None where that is not to be told."""
    try:
        reader = _Reader(pattern)
        text = reader.alternatives()
    except (IndexError, RecursionError, _UntoldError):
        return None
    return text if reader.at == len(pattern) and len(text) <= _MOST else None


class _UntoldError(Exception):
    """Here is something of which there is no example."""


class _Reader:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self.at = 0

    def alternatives(self) -> str:
        """The first of those that a bar sets apart."""
        first = self._sequence()
        while self._next() == "|":
            self.at += 1
            self._sequence()
        return first

    def _next(self) -> str:
        return self._pattern[self.at : self.at + 1]

    def _sequence(self) -> str:
        made = ""
        while self._next() not in {"", "|", ")"}:
            piece = self._piece()
            made += piece * self._times()
            if len(made) > _MOST:
                raise _UntoldError
        return made

    def _times(self) -> int:
        """How often it has to be there."""
        sign, times = self._next(), 1
        counted = _TIMES.match(self._pattern, self.at)
        if counted is not None:
            self.at, times = counted.end(), int(counted[1] or 0)
        elif sign and sign in "*?+":
            self.at, times = self.at + 1, int(sign == "+")
        else:
            return 1
        if self._next() and self._next() in "?+":
            self.at += 1
        return times

    def _piece(self) -> str:
        sign = self._pattern[self.at]
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._class()
        self.at += 1
        if sign == "\\":
            self.at += 1
            letter = self._pattern[self.at - 1]
            if letter.isalnum() and letter not in _ONE:
                raise _UntoldError
            return _ONE.get(letter, letter)
        return {"^": "", "$": "", ".": "a"}.get(sign, sign)

    def _group(self) -> str:
        flags = _FLAGS.match(self._pattern, self.at)
        if flags is not None:
            self.at = flags.end()
            return ""
        self.at += 1
        named = _GROUP.match(self._pattern, self.at)
        if named is not None:
            self.at = named.end()
        elif self._next() == "?":
            raise _UntoldError
        made = self.alternatives()
        if self._next() != ")":
            raise _UntoldError
        self.at += 1
        return made

    def _class(self) -> str:
        """A character of those in the brackets."""
        found = _FROM_TO.match(self._pattern, self.at)
        if found is None:
            raise _UntoldError
        self.at = found.end()
        if found[1]:
            return self._other_than(found[2])
        inside = found[2]
        if inside.startswith("[:") and ":]" in inside:
            return _CLASSES.get(inside[2 : inside.index(":]")], "a")
        return _ONE.get(inside[1], inside[1]) if inside.startswith("\\") else inside[0]

    @staticmethod
    def _other_than(signs: str) -> str:
        for sign in "a1-~":
            if sign not in signs:
                return sign
        raise _UntoldError
