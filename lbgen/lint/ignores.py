"""Ignoring a finding where it is: a label beside the app's others, a key of a pool, a comment beside a line.

    "LBGEN_IGNORE": "vhost-wildcard: the router in front expands it; LBG204 because the range is being moved"
    "LBGEN_IGNORE_HAPROXY_0_VHOST": "vhost-wildcard: only for this label"
    bind :80  # lbgen: ignore[control-endpoint-open, LBG202] nobody else can reach this network

A label, and the key `LBGEN_IGNORE` of a pool, holds entries by semicolons or lines; an entry is one rule or several by
commas, a colon or `because`, and the reason. A comment counts for its own line, or, on a line of its own, for the next
one that says something.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.finding import Suppressed
from lbgen.lint.selection import matching
from lbgen.origin import Origin, Position
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from lbgen.finding import Finding
    from lbgen.lint.subjects import Pool
    from lbgen.marathon.apps import MarathonApp

LABEL = "LBGEN_IGNORE"
_ENTRY = regex(r"[^;\n]+")
_IN_LABEL = regex(r"\s*(?P<rules>[^\s,:]+(?:\s*,\s*[^\s,:]+)*)(?P<reason>.*)", re.DOTALL)
_COMMENT = regex(r"#\s*lbgen:\s*ignore\b[ \t]*(?:\[(?P<rules>[^\]\n]*)\])?(?P<reason>[^\n]*)")
_RULE = regex(r"[^\s,]+")
_NO_REASON = regex(r"[\s:,-]*(?:because\b)?[\s:]*")


class Ignored(NamedTuple):
    """One rule that is ignored: the word for it, and where that stands."""

    word: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Ignore:
    """What is ignored somewhere, and why.

    It is for the app `app` of the document, and there for its label `label` only, if that is given; for the pool at the
    pointer `pool`; or for what stands in the line `line` of the document.
    """

    rules: tuple[Ignored, ...]
    reason: str
    origin: Origin
    app: str | None = None
    label: str | None = None
    line: int = 0
    pool: str | None = None

    @property
    def is_value(self) -> bool:
        """Whether it is a value of its own, which can be taken away."""
        return self.app is not None or self.pool is not None

    def covers(self, finding: Finding) -> Ignored | None:
        """The rule that takes the finding away, or None."""
        if self.label is not None and finding.label != self.label:
            return None
        return next((it for it in self.rules if finding.rule == it.word or finding.rule in matching(it.word)), None)


def of_app(app: MarathonApp) -> Iterator[Ignore]:
    """What the labels of the app ignore."""
    for key, text in app.labels.items():
        if key != LABEL and not key.startswith(f"{LABEL}_"):
            continue
        whole = app.ref.label(key).origin()
        label = key.removeprefix(LABEL).removeprefix("_") or None
        for rules, reason in _entries(text, whole):
            yield Ignore(rules, reason, whole, app.ref.written, label)


def of_pool(pool: Pool) -> Iterator[Ignore]:
    """What a pool ignores; Edge-LB drops keys that it does not know."""
    text = pool.value.get(LABEL) if isinstance(pool.value, dict) else None
    whole = pool.at(f"{pool.pointer}/{LABEL}")
    for rules, reason in _entries(text, whole) if isinstance(text, str) else ():
        yield Ignore(rules, reason, whole, pool=pool.pointer)


def _entries(text: str, whole: Origin) -> Iterator[tuple[tuple[Ignored, ...], str]]:
    for entry in _ENTRY.finditer(text):
        if (found := _IN_LABEL.fullmatch(entry[0])) is not None:
            yield tuple(_narrowed(found["rules"], entry.start() + found.start("rules"), whole)), _reason(found)


def _narrowed(text: str, start: int, whole: Origin) -> Iterator[Ignored]:
    for word in _RULE.finditer(text):
        yield Ignored(word[0], whole.narrowed(start + word.start(), start + word.end()))


def _reason(found: re.Match[str]) -> str:
    return _NO_REASON.sub("", found["reason"], count=1).strip()


def of_text(document: str, text: str) -> Iterator[Ignore]:
    """What the comments of a text ignore."""
    if "lbgen:" not in text:
        return
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if (found := _COMMENT.search(line)) is not None:
            own = not line[: found.start()].strip()
            meant = _next(lines, number) if own else number
            origin = Origin(document, position=Position(number, found.start() + 1))
            rules = tuple(_placed(found, document, number)) or (Ignored("", origin),)
            yield Ignore(rules, _reason(found), origin, line=meant)


def _next(lines: Sequence[str], number: int) -> int:
    """The number of the next line behind line `number` that is neither blank nor a comment."""
    behind = (at for at, line in enumerate(lines[number:], number + 1) if line.strip() and line.strip()[0] != "#")
    return next(behind, number)


def _placed(found: re.Match[str], document: str, number: int) -> Iterator[Ignored]:
    for word in _RULE.finditer(found["rules"] or ""):
        column = found.start("rules") + word.start() + 1
        yield Ignored(word[0], Origin(document, position=Position(number, column)))


@dataclass(frozen=True, slots=True)
class Sorted:
    """The findings that stay, those that are ignored, and the ignored rules of which there were some."""

    kept: list[Finding]
    taken: list[Suppressed]
    used: frozenset[Ignored]


def sort_out(
    findings: Iterable[Finding], ignores: Sequence[Ignore], lines: Callable[[Finding], Collection[int]]
) -> Sorted:
    """The findings without those that are ignored; `lines` tells in which lines of its document a finding stands."""
    by_place = _ByPlace(ignores, lines)
    kept, taken, used = [], [], set()
    for finding in findings:
        covering = [(ignore, rule) for ignore in by_place.near(finding) if (rule := ignore.covers(finding)) is not None]
        if covering:
            taken.append(Suppressed(finding, "inSource", covering[0][0].reason))
            used |= {rule for _, rule in covering}
        else:
            kept.append(finding)
    return Sorted(kept, taken, frozenset(used))


class _ByPlace:
    """Ignores by what they are for: an app, a pool, or a line of a document."""

    def __init__(self, ignores: Iterable[Ignore], lines: Callable[[Finding], Collection[int]]) -> None:
        self._lines = lines
        self._apps: dict[tuple[str, str | None], list[Ignore]] = defaultdict(list)
        self._pools: dict[tuple[str, str], list[Ignore]] = defaultdict(list)
        self._commented: dict[str, dict[int, list[Ignore]]] = defaultdict(lambda: defaultdict(list))
        for ignore in ignores:
            document = ignore.origin.document
            if ignore.app is not None:
                self._apps[document, ignore.app].append(ignore)
            elif ignore.pool is not None:
                self._pools[document, ignore.pool].append(ignore)
            else:
                self._commented[document][ignore.line].append(ignore)

    def near(self, finding: Finding) -> Iterator[Ignore]:
        """Those that may be about the finding."""
        document = finding.origin.document if finding.origin is not None else ""
        yield from self._apps.get((document, finding.app), ())
        for pointer in _above(finding) if self._pools else ():
            yield from self._pools.get((document, pointer), ())
        if document in self._commented:
            for line in sorted(self._lines(finding)):
                yield from self._commented[document].get(line, ())


def _above(finding: Finding) -> Iterator[str]:
    """The pointers to all that the finding's value is within."""
    tokens = finding.origin.pointer.split("/") if finding.origin is not None else []
    return ("/".join(tokens[:count]) for count in range(1, len(tokens) + 1))
