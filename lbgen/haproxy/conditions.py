"""The conditional blocks of a haproxy.cfg: which lines a version of HAProxy never reads, and which are out of place.

What `.if` asks is answered where the version alone, or nothing at all, decides: `version_atleast(3.1)`,
`version_before(3)`, integers, and these joined by `!`, `&&`, `||` and parentheses. Whatever else it asks may be true or
false: the lines of all its branches count as read.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.haproxy.words import read_line
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Config

_MACRO = regex(r"[ \t\v\f\r]*(\.(?:if|elif|else|endif))(?![^ \t\v\f\r#])")
_TOKEN = regex(r"\s*(?:(?P<sign>&&|\|\||[!()])|(?P<number>-?\d+)|(?P<word>[A-Za-z_]\w*)\((?P<argument>[^()]*)\))")
# HAProxy takes no more blocks within blocks.
_DEEPEST = 16


class Misplaced(NamedTuple):
    """A conditional line that HAProxy refuses, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Blocks:
    """What the conditional blocks of a configuration do for one version: lines that it skips, and what is wrong."""

    skipped: frozenset[int]
    misplaced: tuple[Misplaced, ...]


@dataclass(slots=True)
class _Open:
    """A block that is open: `taken` tells whether a branch before was taken, None where nobody knows."""

    line: int
    outer_dead: bool
    taken: bool | None = False
    now: bool | None = None
    last: bool = False

    @property
    def dead(self) -> bool:
        """Whether the lines of this branch are skipped."""
        return self.outer_dead or self.now is False


@dataclass(slots=True)
class _Reader:
    version: tuple[int, int]
    stack: list[_Open] = field(default_factory=list)
    misplaced: list[Misplaced] = field(default_factory=list)

    @property
    def dead(self) -> bool:
        return bool(self.stack) and self.stack[-1].dead

    def take(self, macro: str, number: int, condition: str) -> None:
        """One conditional line."""
        if macro == ".if":
            self._open(number, condition)
        elif not self.stack:
            self.misplaced.append(Misplaced(number, f"'{macro}' has no '.if' in front of it"))
        elif macro == ".endif":
            self.stack.pop()
        elif self.stack[-1].last:
            self.misplaced.append(Misplaced(number, f"'{macro}' stands behind the '.else' of its '.if'"))
        else:
            self._branch(macro, condition)

    def _open(self, number: int, condition: str) -> None:
        if len(self.stack) == _DEEPEST:
            self.misplaced.append(Misplaced(number, f"'.if' stands in more than {_DEEPEST} others"))
        said = decided(condition, self.version)
        self.stack.append(_Open(number, self.dead, said, said))

    def _branch(self, macro: str, condition: str) -> None:
        block = self.stack[-1]
        block.last = macro == ".else"
        said = True if block.last else decided(condition, self.version)
        if block.taken:
            block.now = False
        elif block.taken is None and said is not False:
            block.now = None
        else:
            block.now = said
        block.taken = True if block.taken or said else (None if block.taken is None or said is None else False)


def blocks(config: Config, version: tuple[int, int]) -> Blocks:
    """The conditional blocks as this version of HAProxy, such as `(3, 2)`, sees them."""
    reader, skipped = _Reader(version), set[int]()
    for number, line in enumerate(config.lines, 1):
        macro = _MACRO.match(line) if "." in line else None
        if macro is None:
            if reader.dead:
                skipped.add(number)
            continue
        reader.take(macro[1], number, _condition(line, macro.end()))
    open_ = [Misplaced(block.line, "'.if' is never closed by an '.endif'") for block in reader.stack]
    return Blocks(frozenset(skipped), (*reader.misplaced, *open_))


def _condition(line: str, start: int) -> str:
    comment = read_line(line).comment
    return line[start:comment].strip()


def decided(condition: str, version: tuple[int, int]) -> bool | None:
    """Whether the condition holds for this version, None where that depends on more, or cannot be read."""
    tokens = list(_tokens(condition))
    if not tokens:
        # Nothing counts as false.
        return None if condition else False
    parser = _Parser(tokens, version)
    value = parser.either()
    return value if parser.at == len(tokens) and not parser.failed else None


def _tokens(condition: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(condition.rstrip()):
        token = _TOKEN.match(condition, at)
        if token is None:
            return
        yield token
        at = token.end()


class _Parser:
    """`||` binds less than `&&`, which binds less than `!`."""

    def __init__(self, tokens: list[re.Match[str]], version: tuple[int, int]) -> None:
        self.tokens = tokens
        self.version = version
        self.at = 0
        self.failed = sum(len(token[0]) for token in tokens) < len(tokens[0].string.rstrip())

    def _accept(self, sign: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at]["sign"] == sign:
            self.at += 1
            return True
        return False

    def either(self) -> bool | None:
        """Terms joined by `||`."""
        values = [self.both()]
        while self._accept("||"):
            values.append(self.both())
        return True if True in values else (None if None in values else False)

    def both(self) -> bool | None:
        """Terms joined by `&&`."""
        values = [self.term()]
        while self._accept("&&"):
            values.append(self.term())
        return False if False in values else (None if None in values else True)

    def term(self) -> bool | None:
        """One term, negated or not."""
        negated = False
        while self._accept("!"):
            negated = not negated
        value = self._plain()
        return value if value is None else value != negated

    def _plain(self) -> bool | None:
        if self._accept("("):
            value = self.either()
            self.failed |= not self._accept(")")
            return value
        if self.at == len(self.tokens) or self.tokens[self.at]["sign"]:
            self.failed = True
            return None
        token = self.tokens[self.at]
        self.at += 1
        if token["number"]:
            return int(token["number"]) != 0
        return self._predicate(token["word"], token["argument"])

    def _predicate(self, word: str, argument: str) -> bool | None:
        asked = re.fullmatch(r"\s*(\d{1,4})(?:\.(\d{1,4}))?(?:[.-].*)?\s*", argument)
        if asked is None or word not in {"version_atleast", "version_before"}:
            return None
        wanted = (int(asked[1]), int(asked[2] or 0))
        return self.version >= wanted if word == "version_atleast" else self.version < wanted
