"""Samples compared with patterns, by HAProxy's methods."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_network
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.routing.values import Unknown, Verdict, address_of, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lbgen.routing.values import Sample, Value

METHODS = frozenset({"str", "beg", "end", "sub", "reg", "dir", "dom", "len", "int", "ip", "bool", "found"})
NO = Verdict(truth=False)
YES = Verdict(truth=True)


@dataclass(frozen=True, slots=True)
class Patterns:
    """What is compared with. `missing` says what of it is not known, if something is not."""

    texts: tuple[str, ...]
    ignore_case: bool = False
    missing: str = ""


def pattern_holds(method: str, patterns: Patterns, sample: Sample) -> Verdict:
    """Whether the sample is one of the patterns, in the sense of the method."""
    if sample is None:
        return NO
    if isinstance(sample, Unknown):
        return Verdict(None, sample.why)
    if method == "found":
        return YES
    if method == "bool":
        return Verdict(text_of(sample) not in {"", "0"})
    compare = _COMPARE.get(method)
    if compare is None:
        return Verdict(None, f'how "-m {method:.20}" compares')
    verdict = compare(patterns, sample)
    return Verdict(None, patterns.missing) if patterns.missing and not verdict.truth else verdict


def _texts(holds: Callable[[str, str], bool]) -> Callable[[Patterns, Value], Verdict]:
    def compare(patterns: Patterns, value: Value) -> Verdict:
        text = text_of(value)
        if patterns.ignore_case:
            text = text.lower()
            return Verdict(any(holds(text, pattern.lower()) for pattern in patterns.texts))
        return Verdict(any(holds(text, pattern) for pattern in patterns.texts))

    return compare


@lru_cache(maxsize=4096)
def regular(pattern: str, *, ignore_case: bool) -> re.Pattern[str] | None:
    """The expression as Python understands it; None where it does not."""
    try:
        return re.compile(pattern, re.IGNORECASE | re.ASCII if ignore_case else re.ASCII)
    except (re.error, RecursionError, OverflowError):
        return None


def _regular(patterns: Patterns, value: Value) -> Verdict:
    unread = ""
    for text in patterns.texts:
        pattern = regular(text, ignore_case=patterns.ignore_case)
        if pattern is None:
            unread = f'"{text:.60}" as a regular expression'
        elif pattern.search(text_of(value)):
            return YES
    return Verdict(None, unread) if unread else NO


def _word(delimiters: str) -> Callable[[str, str], bool]:
    """Whether a pattern stands in a text between delimiters, or at its ends."""

    def holds(text: str, pattern: str) -> bool:
        inner = pattern.strip(delimiters)
        at = text.find(inner)
        while at >= 0 and inner:
            end = at + len(inner)
            if (at == 0 or text[at - 1] in delimiters) and (end == len(text) or text[end] in delimiters):
                return True
            at = text.find(inner, at + 1)
        return False

    return holds


def _number(patterns: Patterns, value: Value) -> Verdict:
    number = number_of(value)
    return NO if number is None else _in_ranges(patterns, number)


def _length(patterns: Patterns, value: Value) -> Verdict:
    return _in_ranges(patterns, len(text_of(value)))


_OPERATORS: Mapping[str, Callable[[int, int], bool]] = {
    "eq": lambda number, other: number == other,
    "gt": lambda number, other: number > other,
    "ge": lambda number, other: number >= other,
    "lt": lambda number, other: number < other,
    "le": lambda number, other: number <= other,
}


def _in_ranges(patterns: Patterns, number: int) -> Verdict:
    """Numbers, ranges such as `80:90`, and comparisons such as `gt 80`, which hold for all that follows."""
    operator = "eq"
    for text in patterns.texts:
        if text in _OPERATORS:
            operator = text
            continue
        first, colon, last = text.partition(":")
        low, high = number_of(first or "-9999999999"), number_of(last) if colon else None
        if low is None or (colon and last and high is None):
            return Verdict(None, f'"{text:.40}" as a number')
        if low <= number and (high is None or number <= high) if colon else _OPERATORS[operator](number, low):
            return YES
    return NO


def _address(patterns: Patterns, value: Value) -> Verdict:
    address = address_of(value)
    if address is None:
        return NO
    unread = ""
    for text in patterns.texts:
        try:
            if address in ip_network(text, strict=False):
                return YES
        except ValueError:
            unread = f'"{text:.60}" as a network'
    return Verdict(None, unread) if unread else NO


_COMPARE: Mapping[str, Callable[[Patterns, Value], Verdict]] = {
    "str": _texts(lambda text, pattern: text == pattern),
    "beg": _texts(lambda text, pattern: text.startswith(pattern)),
    "end": _texts(lambda text, pattern: text.endswith(pattern)),
    "sub": _texts(lambda text, pattern: pattern in text),
    "dir": _texts(_word("/?")),
    "dom": _texts(_word("/?.:")),
    "reg": _regular,
    "int": _number,
    "len": _length,
    "ip": _address,
}
