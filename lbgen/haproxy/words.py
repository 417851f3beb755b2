r"""How HAProxy cuts one line of its configuration into words.

What HAProxy 2.2, 2.6, 3.0 and 3.2 do, found by asking them (they differ only where it is said):

- Words are separated by blanks: space, tab, vertical tab, form feed. A carriage return ends the line wherever it
  stands, within quotes too; next to other blanks, or in front of the first word, it is a blank.
- `#` outside of quotes starts a comment, in the middle of a word as well.
- A backslash, outside of single quotes: before a blank, `#`, `\`, `"` or `'` it stands for that character; `\n`, `\r`,
  `\t` and `\xHH` are what they are in C; `\$` is `$` within double quotes only. Every other backslash stands for
  itself, the one at the end of a line too: there are no continued lines.
- Variables (`$NAME`, `${NAME}`) are replaced within double quotes only. From 2.4 on `${NAME-default}`, `${NAME[*]}`
  (one word for each of its words) and `${.FILE}`, `${.LINE}`, `${.SECTION}` are known; 2.2 refuses them.
- Single quotes keep everything up to the next single quote. A missing closing quote is an error.
- An empty word (`""`) ends the list of words: what follows is ignored, with a warning from 3.2 on.
- There are at most 64 words in a line; more is an error of the parser, not looked at here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from lbgen.dataclass import dataclass
from lbgen.errors import LbgenError
from lbgen.regex import regex


class LexError(LbgenError):
    """A line that HAProxy cannot cut into words; `column` is the place that HAProxy names, counted from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"{message} at column {column}")
        self.reason = message
        self.column = column


class Variable(NamedTuple):
    """A reference to an environment variable; `start` and `end` are offsets in the line, `$` and braces included.

    `default` is the text after `-`, None where there is none; `splits` tells `${NAME[*]}`.
    """

    name: str
    default: str | None
    splits: bool
    start: int
    end: int


class Word(NamedTuple):
    """One word: `text` is what HAProxy works with, `raw` is what stands in the line from `start` up to `end`.

    References to variables are left in `text` as they are written, and listed in `variables`.
    """

    text: str
    raw: str
    start: int
    end: int
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexed:
    """A line in words: `comment` is the offset of the `#` (None without), `error` what stopped the reading."""

    words: tuple[Word, ...]
    comment: int | None = None
    error: LexError | None = None


_PLAIN_LINE = regex(r"""[^#"'\\\r\n\0]*""")
_PLAIN_WORD = regex(r"[^ \t\v\f]+")
_LEADING = regex(r"[ \t\v\f\r]*")
_OUTSIDE = regex(
    r"""(?P<plain>[^ \t\v\f\r\n\0#"'\\]+)|(?P<blank>[ \t\v\f][ \t\v\f\r\n]*)|(?P<end>[\r\n\0])|(?P<comment>\#)"""
    r"""|(?P<double>")|(?P<single>')"""
    r"""|\\x(?P<hex>[0-9a-fA-F]{2})|(?P<bad>\\x)|\\(?P<escape>[ #\\"'nrt])|(?P<literal>\\)"""
)
_DOUBLE = regex(
    r"""(?P<plain>[^\r\n\0"\\$]+)|(?P<close>")|(?P<end>[\r\n\0])|(?P<variable>\$)"""
    r"""|\\x(?P<hex>[0-9a-fA-F]{2})|(?P<bad>\\x)|\\(?P<escape>[ #\\"'$nrt])|(?P<literal>\\)"""
)
_SINGLE = regex(r"(?P<plain>[^'\r\n\0]*)(?P<close>')?")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*|\.(?:FILE|LINE|SECTION)")
_IN_BRACES = regex(r"(?P<splits>\[\*\])?(?:-(?P<default>[^}\0]*))?\}")
_BYTES = regex("[\udc80-\udcff]+")
_NO_SPLIT = regex(r"\[(?!\*\])")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}
_NO_QUOTE = "unmatched quote"
_NO_HEX = "truncated or invalid hexadecimal sequence"
_NO_NAME = "forbidden first character in the name of a variable"
_NO_BRACE = "unmatched brace in the name of a variable"
_NO_EXPANSION = "truncated or invalid word expansion sequence"


def lex(line: str) -> list[Word]:
    """The words of one line, without its comment.

    Raises LexError where HAProxy would refuse the line.
    """
    lexed = read_line(line)
    if lexed.error is not None:
        raise lexed.error
    return list(lexed.words)


# As many as the different lines of some ten thousand apps, a hundred megabytes: rule upon rule asks for each of them.
@lru_cache(maxsize=1 << 17)
def read_line(line: str) -> Lexed:
    """The words, comment and problem of one line; where there is a problem, the words in front of it."""
    if is_plain(line):
        return Lexed(tuple([Word(text := m[0], text, *m.span()) for m in _PLAIN_WORD.finditer(line)]))
    return _Reader(line).read()


def is_plain(line: str) -> bool:
    """Whether the line is words and blanks, without anything that quotes, escapes, comments or ends it."""
    return _PLAIN_LINE.fullmatch(line) is not None


class _Reader:
    """One reading of one line; each method takes one kind of token and moves `at` behind it."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.at = _end(_LEADING, line, 0)
        self.words: list[Word] = []
        self.comment: int | None = None
        self._begin_word()

    def read(self) -> Lexed:
        """The whole line; a problem is kept, not raised."""
        error = None
        try:
            while self.at < len(self.line) and self._outside():
                pass
            self._end_word(self.at)
        except LexError as problem:
            error = problem
        return Lexed(tuple(self.words), self.comment, error)

    def _outside(self) -> bool:
        """Take a token outside of quotes; False when the line has ended."""
        match = _OUTSIDE.match(self.line, self.at)
        assert match is not None  # the alternatives cover every character  # noqa: S101
        kind = match.lastgroup
        if kind in {"end", "comment"}:
            self.comment = self.at if kind == "comment" else None
            return False
        if kind == "blank":
            self._end_word(self.at)
        self.at = match.end()
        if kind == "blank":
            self._begin_word()
        elif kind == "double":
            self._double(match.start())
        elif kind == "single":
            self._single(match.start())
        else:
            self._text(match)
        return True

    def _double(self, opening: int) -> None:
        """Take what stands between double quotes, the closing one included."""
        while (match := _DOUBLE.match(self.line, self.at)) and match.lastgroup != "end":
            self.at = match.end()
            if match.lastgroup == "close":
                return
            if match.lastgroup == "variable":
                self._variable(match.start())
            else:
                self._text(match)
        raise LexError(_NO_QUOTE, opening + 1)

    def _single(self, opening: int) -> None:
        """Take what stands between single quotes, the closing one included."""
        match = _SINGLE.match(self.line, self.at)
        if match is None or match["close"] is None:
            raise LexError(_NO_QUOTE, opening + 1)
        self.parts.append(match["plain"])
        self.at = match.end()

    def _text(self, match: re.Match[str]) -> None:
        """Take plain text or an escape."""
        if match.lastgroup == "bad":
            raise LexError(_NO_HEX, match.start() + 1)
        text = match[match.lastgroup or 0]
        if match.lastgroup == "hex":
            text = bytes([int(text, 16)]).decode("utf-8", "surrogateescape")
        elif match.lastgroup == "escape":
            text = _CONTROLS.get(text, text)
        self.parts.append(text)

    def _variable(self, start: int) -> None:
        """Take a reference to a variable, of which `$` is read already."""
        braced = self.line.startswith("{", self.at)
        name = _NAME.match(self.line, self.at + braced)
        if name is None:
            raise LexError(_NO_NAME, self.at + braced + 1)
        self.at = name.end()
        default, splits = None, False
        if braced:
            tail = _IN_BRACES.match(self.line, self.at)
            if tail is None and _NO_SPLIT.match(self.line, self.at):
                raise LexError(_NO_EXPANSION, self.at + 1)
            if tail is None:
                raise LexError(_NO_BRACE, start + 2)
            self.at, default, splits = tail.end(), tail["default"], tail["splits"] is not None
        self.variables.append(Variable(name[0], default, splits, start, self.at))
        self.parts.append(self.line[start : self.at])

    def _begin_word(self) -> None:
        self.start = self.at
        self.parts: list[str] = []
        self.variables: list[Variable] = []

    def _end_word(self, end: int) -> None:
        if end == self.start:
            return
        # Bytes written as \xHH may form one character together; a NUL ends a word, as words are strings of C.
        text = _BYTES.sub(_joined, "".join(self.parts)).partition("\0")[0]
        self.words.append(Word(text, self.line[self.start : end], self.start, end, tuple(self.variables)))


def _joined(escaped: re.Match[str]) -> str:
    return escaped[0].encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


# Noncharacters are refused because the tracing of values uses some of them as brackets.
_CONTROL = "\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\u2028\u2029"
_NO_TEXT = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17)
)
_HARMLESS = regex(f"[^{_CONTROL}{_NO_TEXT}#\"'\\\\$]*")
_NUL_ESCAPE = regex(r"(?<!\\)(?:\\\\)*\\x00")
_BAD_CHARACTERS = (
    (regex("[\n\r\x85\u2028\u2029]"), "a line break"),
    (regex(f"[{_CONTROL}]"), "a control character"),
    (_NUL_ESCAPE, "a NUL"),
    (regex("[\ud800-\udfff]"), "half of a surrogate pair, which is no character"),
    (regex(f"[{_NO_TEXT}]"), "a code point that is not a character"),
)
_LAST_BACKSLASHES = regex(r"\\*\Z")
_QUOTED = regex(r"(?:[^\"$\\]|\\x[0-9a-fA-F]{2}|\\[^x])*")
_A_VARIABLE = "'$' in double quotes, which stands for a variable"
_UNFINISHED = "an unfinished escape"
_IN_WORDS = {_NO_QUOTE: "an unmatched quote", _NO_HEX: _UNFINISHED}


def plain_value_problem(value: str, *, quoted: bool) -> str | None:
    """Why a value cannot be pasted into a line as it is, in a few words; None where it can.

    A plain value stays where it is put, in an unquoted place of a line or (`quoted`) between double quotes: it ends
    no line, quote or escape that is not its own, hides nothing behind a comment, and takes nothing from the
    environment. Blanks are fine: an unquoted value may be several words.
    """
    if _HARMLESS.fullmatch(value):
        return None
    for pattern, problem in _BAD_CHARACTERS:
        if pattern.search(value):
            return problem
    return _quoted_problem(value) if quoted else _unquoted_problem(value)


def _quoted_problem(value: str) -> str | None:
    stop = value[_end(_QUOTED, value, 0) :][:1]
    return {"": None, '"': "a double quote", "$": _A_VARIABLE}.get(stop, _UNFINISHED)


def _unquoted_problem(value: str) -> str | None:
    lexed = read_line(value)
    if lexed.error is not None:
        return _IN_WORDS.get(lexed.error.reason, _A_VARIABLE)
    if lexed.comment is not None:
        return "'#', which starts a comment"
    if any(word.variables for word in lexed.words):
        return _A_VARIABLE
    if any(not word.text for word in lexed.words):
        return "an empty word, where HAProxy stops reading the line"
    # A run of backslashes stands for itself in pairs; what is left over would swallow the next character.
    trailing = _LAST_BACKSLASHES.search(value)
    return _UNFINISHED if trailing and len(trailing[0]) % 2 else None


def quote_word(text: str) -> str:
    """The text, which holds no line break, spelled so that HAProxy reads it as one word."""
    if text and _HARMLESS.fullmatch(text) and not re.search(r"[ \t]", text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"
