"""Which rules count: by code, prefix of codes, name, or ALL, in layers of which the later ones win."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lbgen.codes import CODES
from lbgen.errors import UsageError
from lbgen.finding import Severity
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lbgen.finding import Finding
    from lbgen.origin import Origin

ALL = "ALL"
_BY_CODE = {code: name for name, code in CODES.items()}
_PREFIX = regex(r"LBG\d{0,3}")
# What could not be looked at, and what went wrong: nobody who selects some rules means to be left in the dark.
ALWAYS = frozenset(
    {"input-unparsed", "internal-error", "invalid-json", "invalid-yaml", "not-an-app", "unreadable", "wrong-type"}
)


class Word(NamedTuple):
    """A word that selects rules, and where it was given, if that is a file."""

    text: str
    origin: Origin | None = None

    @property
    def named(self) -> bool:
        """Whether it is one rule's full name or code."""
        return self.text in CODES or self.text.upper() in _BY_CODE

    @property
    def rules(self) -> frozenset[str]:
        """The names of the rules; raises UsageError where there is none."""
        self.insist()
        return matching(self.text)

    def insist(self) -> None:
        """Raises UsageError where it stands for no rule, with one that may have been meant."""
        if not matching(self.text):
            raise UsageError(f"there is no rule {self.text!r:.80}", origin=self.origin, help=suggestion(self.text))


def matching(word: str) -> frozenset[str]:
    """The names of the rules that a code, a prefix of codes, a name or ALL stands for; empty for any other word."""
    if word in CODES:
        return frozenset({word})
    if word.upper() == ALL:
        return frozenset(CODES)
    if not _PREFIX.fullmatch(word.upper()):
        return frozenset()
    return frozenset(name for name, code in CODES.items() if code.startswith(word.upper()))


def suggestion(word: str) -> str:
    """What to do about a word that stands for no rule."""
    from difflib import get_close_matches

    lower = re.sub(r"[\W_]+", "-", word.lower())
    close = get_close_matches(lower, CODES, 1, 0.7) or get_close_matches(word.upper(), _BY_CODE, 1, 0.7)
    if not close:
        return "lbgen rule --all shows all rules; a prefix of codes, as LBG5, stands for a family, ALL for all"
    name = _BY_CODE.get(close[0], close[0])
    return f"did you mean {name} ({CODES[name]})?"


class Layer(NamedTuple):
    """What one place says: `select` starts anew where it is not None, the others change what is selected."""

    select: tuple[Word, ...] | None = None
    ignore: tuple[Word, ...] = ()
    extend: tuple[Word, ...] = ()


class Selection(NamedTuple):
    """The rules that count; `named` are those that were asked for by their full name or code.

    `without` are rules that are left out, of those that have no code too. With `only`, nothing else counts.
    """

    rules: frozenset[str] = frozenset(CODES)
    named: frozenset[str] = frozenset()
    pedantic: bool = False
    only: bool = False
    without: frozenset[str] = frozenset()

    def counts(self, finding: Finding) -> bool:
        """Whether the finding is to be told."""
        rule = finding.rule
        if rule in self.without:
            return False
        if finding.severity is Severity.INFO and not self.pedantic and rule not in self.named:
            return False
        return rule in self.rules or rule in ALWAYS or (rule not in CODES and not self.only)


def selection(
    layers: Iterable[Layer],
    *,
    pedantic: bool = False,
    pedantic_rules: Collection[str] = (),
) -> Selection:
    """The rules that these layers select out of all that are not pedantic.

    Within a layer the longer word wins, and of two of one length the one that ignores. Pedantic rules count with
    `pedantic`, or where they are asked for by their full name or code. Raises UsageError for a word that stands for no
    rule.
    """
    rules, named, without, only = set(CODES), set[str](), set[str](), False
    for layer in layers:
        if layer.select is not None:
            rules, named, without, only = set(), set(), set(), not any(_is_all(word) for word in layer.select)
        for word, wanted in _by_length(layer):
            if wanted:
                rules |= word.rules
                without -= word.rules
                named |= word.rules if word.named else set()
            else:
                rules -= word.rules
                without |= word.rules
                named -= word.rules
    if not pedantic:
        rules -= set(pedantic_rules) - named
    return Selection(frozenset(rules), frozenset(named), pedantic, only, frozenset(without))


def _is_all(word: Word) -> bool:
    return word.text.upper() == ALL


def _by_length(layer: Layer) -> list[tuple[Word, bool]]:
    chosen = [*((word, True) for word in (*(layer.select or ()), *layer.extend))]
    ignored = [(word, False) for word in layer.ignore]
    return sorted([*chosen, *ignored], key=lambda it: (_specific(it[0]), not it[1]))


def _specific(word: Word) -> int:
    return 99 if word.named else 0 if _is_all(word) else len(word.text)


def split(values: Iterable[str], origin: Origin | None = None) -> tuple[Word, ...]:
    """The words of options that take commas and may be repeated, or of a list in a file."""
    return tuple(Word(text.strip(), origin) for value in values for text in value.split(",") if text.strip())
