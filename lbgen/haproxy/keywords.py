"""Which keywords each version of HAProxy knows in which section: what tools/keyword_tables.py asked of it, as data."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.haproxy.removed import DEPRECATED_SINCE, NEWER, REMOVED, SECTIONS_REMOVED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.haproxy.words import Word

_FILE = Path(__file__).with_name("keywords.json")
# Keywords that are followed by a word that they do not stand without.
_FAMILIES = frozenset({"option", "timeout", "stats", "http-check", "tcp-check", "tcp-request", "tcp-response"}) | {
    *("http-request", "http-response", "http-after-response"),
}
_PROXIES = frozenset({"defaults", "named defaults", "frontend", "listen", "backend"})
_LAYERS = frozenset({"connection", "session", "content"})
_PREFIXES = frozenset({"no", "default"})
# Without a keyword of its own, HAProxy decides about lines.
CONDITIONALS = frozenset({".if", ".elif", ".else", ".endif", ".diag", ".notice", ".warning", ".alert"})

Version = tuple[int, int]


class Standing(StrEnum):
    """How HAProxy takes a keyword in a section."""

    KNOWN = "k"
    DEPRECATED = "d"
    IGNORED = "i"
    REFUSED = "n"
    REMOVED = "r"
    UNKNOWN = "-"


# Between two versions that were asked, a keyword counts as what does less harm.
_MILDEST = (*Standing,)
# They need a second word; that it is missing is not for these tables to say.
_INCOMPLETE = frozenset({"http-request", "http-response", "http-after-response", "tcp-request", "tcp-response"}) | {
    *("tcp-request content", "tcp-request connection", "tcp-request session", "tcp-response content"),
}
_GONE = frozenset({Standing.REMOVED, Standing.UNKNOWN})


class Phrase(NamedTuple):
    """The words of a line that make its keyword: `text` is what the tables call it, `length` how many words it takes.

    `negated` tells that `no` or `default` stands in front, which is one of these words.
    """

    text: str
    length: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Tables:
    """What was asked of which versions: by section and keyword, a letter of `Standing` for each version."""

    versions: Sequence[Version]
    sections: Mapping[str, Mapping[str, str]]
    arguments: Mapping[str, Mapping[str, int]]

    def letters(self, section: str, phrase: str) -> str:
        """The standings of the keyword in this kind of section, a letter for each version; "" if none knows it."""
        return self.sections.get(section, {}).get(phrase, "")

    def standing(self, section: str, phrase: str, version: Version) -> Standing:
        """How this version of HAProxy takes the keyword in this kind of section."""
        letters = self.letters(section, phrase) or "-" * len(self.versions)
        below = [index for index, known in enumerate(self.versions) if known <= version] or [0]
        above = [index for index, known in enumerate(self.versions) if known >= version] or [-1]
        found = min((Standing(letters[below[-1]]), Standing(letters[above[0]])), key=_MILDEST.index)
        removed = REMOVED.get(phrase)
        if removed is not None and version >= removed.since and (found in _GONE or "r" in letters):
            return Standing.REMOVED
        if found is Standing.KNOWN and version >= DEPRECATED_SINCE.get(phrase, (9, 9)):
            return Standing.DEPRECATED
        if found is Standing.UNKNOWN and version > self.versions[-1] and phrase in NEWER:
            return Standing.KNOWN
        if found is Standing.UNKNOWN and phrase in _INCOMPLETE and section in _PROXIES:
            return Standing.KNOWN
        return found

    def since(self, section: str, phrase: str) -> Version | None:
        """The first of the versions that were asked that takes the keyword there."""
        letters = self.letters(section, phrase)
        return next((known for known, letter in zip(self.versions, letters, strict=False) if letter in "kdi"), None)

    def phrase(self, section: str, words: Sequence[Word]) -> Phrase:
        """The keyword that the words of a line begin with, as the tables call it."""
        texts = [word.text for word in words[:4]]
        negated = bool(texts) and texts[0] in _PREFIXES and len(texts) > 1
        texts = texts[negated:]
        first = texts[0] if texts else ""
        count = 1
        if len(texts) > 1 and first in _FAMILIES:
            count = 3 if first.startswith("tcp-re") and texts[1] in _LAYERS and len(texts) > 2 else 2
        if section not in _PROXIES and (section, first) != ("global", "stats"):
            count = 1
        text = " ".join(texts[:count])
        return Phrase(self._starred(section, text), count + negated, negated)

    def _starred(self, section: str, text: str) -> str:
        """`http-request set-var(txn.a)` is called `http-request set-var*`."""
        known = self.sections.get(section, {})
        if text in known or " " not in text:
            return text
        for star in _stars(section):
            if text.startswith(star[:-1]):
                return star
        return text.partition("(")[0]


@cache
def tables() -> Tables:
    """The tables; they are read when they are first asked for."""
    read = json.loads(_FILE.read_text(encoding="utf-8"))
    versions = [(int(major), int(minor)) for major, minor in (each.split(".") for each in read["versions"])]
    sections = {
        name: {word: letters for letters, words in by_letters.items() for word in words}
        for name, by_letters in read["sections"].items()
    }
    return Tables(versions, sections, read["arguments"])


@cache
def _stars(section: str) -> list[str]:
    """Keywords that end in a star, the longest first."""
    known = tables().sections.get(section, {})
    return sorted((word for word in known if word.endswith("*")), key=lambda word: (-len(word), word))


@cache
def sections_of(version: Version) -> frozenset[str]:
    """The kinds of sections that have a keyword in this version."""
    asked = tables()
    return frozenset(
        name
        for name, known in asked.sections.items()
        if version < SECTIONS_REMOVED.get(name, (9, 9))
        and any(asked.standing(name, word, version) in _TAKEN for word in known)
    )


_TAKEN = frozenset({Standing.KNOWN, Standing.DEPRECATED, Standing.IGNORED})


@cache
def words_of(section: str, version: Version) -> tuple[str, ...]:
    """The keywords that this version takes in this kind of section."""
    asked = tables()
    known = asked.sections.get(section, {})
    return tuple(sorted(word for word in known if asked.standing(section, word, version) in _TAKEN))
