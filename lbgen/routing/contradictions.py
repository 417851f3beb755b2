"""Rules whose conditions exclude each other: one asks for a host, or a path, that the other cannot stand."""

from __future__ import annotations

import re
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

from lbgen.regex import regex
from lbgen.routing.shapes import WHOLE_HOST, host_kind, named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.routing.conditions import Comparison, Term
    from lbgen.routing.table import Proxy, Rule, Table

_MOST_PATTERNS = 30
_STAGES = ("use_backend", "http-request", "redirect")
_LITERAL = r"(?:\\[^A-Za-z0-9]|[A-Za-z0-9/_:%-])"
_BEGINNING = regex(rf"\^({_LITERAL}+)(?P<behind>[?*{{])?")
_END = regex(r"(?<!\\)((?:\\[./-]|[A-Za-z0-9/_:-])+)\$$")


class Wish(NamedTuple):
    """What a text must be: `how` is `is`, `begins with` or `ends in`; `line` is where it says so."""

    what: str
    how: str
    text: str
    line: int

    @property
    def asked(self) -> str:
        """How the text must be, as in `begins with "www."`."""
        return f'{self.how} "{self.text:.60}"'

    def __str__(self) -> str:
        return f"{self.what} {self.asked}"


class Contradiction(NamedTuple):
    """Two wishes of one rule that no request meets together."""

    rule: Rule
    one: Wish
    other: Wish


def contradictions(table: Table) -> Iterator[Contradiction]:
    """Rules of which no case can ever be met, each with two of its wishes."""
    for proxy in table.frontends:
        for stage in _STAGES:
            for rule in proxy.rules.get(stage, ()):
                if rule.condition is not None and not rule.condition.unless and not rule.guarded:
                    found = [_of_case(case, proxy) for case in rule.condition.cases]
                    if found and found[0] is not None and all(each is not None for each in found):
                        yield Contradiction(rule, *found[0])


def _of_case(terms: Sequence[Term], proxy: Proxy) -> tuple[Wish, Wish] | None:
    """Two wishes of a case that exclude each other, if there are such."""
    positive = [_wishes(term.tests or named(term.name, proxy)) for term in terms if not term.negated]
    for one, other in combinations([wishes for wishes in positive if wishes], 2):
        if one[0].what == other[0].what and not any(_together(*pair) for pair in product(one, other)):
            return one[0], other[0]
    return None


def _wishes(tests: Sequence[Comparison]) -> list[Wish]:
    """What one of the patterns asks for, each; nothing where some pattern may ask for anything."""
    if sum(len(test.patterns) for test in tests) > _MOST_PATTERNS:
        return []
    found = [_wish(test, text) for test in tests for text in test.patterns]
    known = [wish for wish in found if wish is not None]
    return known if len(known) == len(found) else []


_HOW = {"str": "is", "beg": "begins with", "end": "ends in"}


def _wish(test: Comparison, text: str) -> Wish | None:
    what = _what(test)
    if not what or test.problem or test.files:
        return None
    if test.method != "reg":
        how, literal = _HOW.get(test.method, ""), text
    else:
        how, literal = _of_expression(text)
    if not how:
        return None
    return Wish(what, how, literal.lower() if what == "the host" or test.ignore_case else literal, test.line)


def _what(test: Comparison) -> str:
    if host_kind(test, any_method=True):
        return "the host"
    plain = test.expression.fetch.name == "path" and not test.expression.converters and not test.ignore_case
    return "the path" if plain else ""


def _of_expression(pattern: str) -> tuple[str, str]:
    """What an expression asks for at the beginning, or else at the end."""
    if whole := WHOLE_HOST.fullmatch(pattern):
        return "is", whole[1].replace("\\", "")
    if "|" in pattern or "(?" in pattern:
        return "", ""
    if found := _BEGINNING.match(pattern):
        text = found[1]
        if found["behind"]:
            text = re.sub(rf"{_LITERAL}$", "", text)
        return ("begins with", text.replace("\\", "")) if text else ("", "")
    if found := _END.search(pattern):
        return "ends in", found[1].replace("\\", "")
    return "", ""


def _together(one: Wish, other: Wish) -> bool:
    """Whether some text meets both."""
    if "begins with" in {one.how, other.how} and "ends in" in {one.how, other.how}:
        return True
    if ":" in one.text + other.text:
        # A host comes with a port or without.
        return True
    if one.how != "is":
        one, other = other, one
    if one.how == other.how == "is":
        return one.text == other.text
    if other.how == "ends in":
        return one.text.endswith(other.text) or (one.how != "is" and other.text.endswith(one.text))
    return one.text.startswith(other.text) or (one.how != "is" and other.text.startswith(one.text))
