"""What people get wrong in JSON, and the sentence about each: what was expected, and what stands there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lbgen.regex import regex
from lbgen.source.slip import Slip

if TYPE_CHECKING:
    from collections.abc import Sequence

# No group is possessive: Python 3.11.2, Debian's, goes on behind one that did not match.
PLAIN = r'[^"\\\x00-\x1f]*+'
# One half of a surrogate pair is JSON, if no character. Who reads the value says what is wrong with it: a text that
# nobody reads must not keep the rest of the document from being read.
ESCAPE = r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})'

_EXPECTED = {
    "value": "a value",
    "first": "a value or ']'",
    "key": "a key in double quotes",
    "member": "a key in double quotes or '}'",
    "colon": "':' after a key",
    "object": "',' or '}' after a member",
    "array": "',' or ']' after an element",
    "end": "nothing behind the end of the value",
}
_ANY = frozenset(_EXPECTED)
_VALUES = frozenset(("value", "first"))
_KEYS = frozenset(("key", "member"))
_COMMAS = frozenset(("object", "array"))
_COLON = frozenset(("colon",))
_END = frozenset(("end",))


class _Known(NamedTuple):
    """A slip that is known: the parser expects one of `expect`, and `pattern` matches what stands there."""

    expect: frozenset[str]
    pattern: re.Pattern[str]
    found: str
    help: str


def _known(expect: frozenset[str], pattern: str, help: str, found: str = "{}") -> _Known:
    return _Known(expect, re.compile(pattern), found, help)


# The first row that fits speaks.
_KNOWN = (
    _known(_ANY, r"//|/\*|#", "JSON has no comments: take it out", "a comment"),
    _known(_ANY, r"\.\.\.|…", "the dots stand for something that was left out: write it out, or take them away"),
    _known(_ANY, r"['`]", 'JSON writes strings and keys in double quotes (")', "a single quote"),
    _known(_ANY, r"[“”„‟«»‘’]", 'JSON knows the plain double quote (") only', "the quotation mark {}"),
    _known(_ANY, "[\xa0\u2000-\u200b\u202f\u3000\ufeff]", "it looks like a space and is none: take it out", "the {}"),
    _known(_VALUES, r"(?:None|nil|undefined|NULL|Null)\b", "JSON writes null"),
    _known(_VALUES, r"(?:True|TRUE|yes|on)\b", "JSON writes true"),
    _known(_VALUES, r"(?:False|FALSE|no|off)\b", "JSON writes false"),
    _known(_VALUES, r"[-+]?(?i:nan|inf(?:inity)?)\b", "JSON knows finite numbers only"),
    _known(_VALUES, r"[-+]?0[xXoObB]?[0-9a-fA-F]", "a JSON number is decimal and has no leading zero"),
    _known(_VALUES, r"\+\.?[0-9]", "a JSON number has no plus sign"),
    _known(_VALUES, r"-?[0-9]*\.|-?[0-9]+[eE]", "a JSON number has digits before and behind its point and its e"),
    _known(_VALUES, r"-?[0-9]", 'whatever is no number stands in double quotes (")'),
    _known(_ANY, r"\$\{|\{\{|\{%|<[%\w]|\$\w", "this looks like a placeholder of a template: fill it in first"),
    _known(_VALUES, r"[\w$@/-]", 'a string stands in double quotes (")'),
    _known(_KEYS, r"[\w$@/-]", 'every key stands in double quotes (")'),
    _known(_KEYS, r"[{\[]", "an object begins with a key; {{ begins a placeholder of a template: fill it in first"),
    _known(_KEYS | _VALUES, r",", "there is one comma too many", "a comma"),
    _known(_COMMAS, r'["\w{\[-]', "a comma is missing before it"),
    _known(_COLON, r"[,}]", "every key of an object has a value"),
    _known(_END, r"[{\[]", "several values in one file go into a list: [..., ...]"),
    _known(_END, r":", "an object stands in braces: {...}"),
    _known(_END, r"[}\]]", "there is one closing bracket too many"),
)

_NAMES = {"{": "object", "[": "list"}
_CLOSERS = {"{": "}", "[": "]"}
_WORD = regex(r"\$\{|[-+]?[\w$.][\w$.+-]*|<\w+>?")


def explain(text: str, offset: int, expect: str, opened: Sequence[tuple[str, int]]) -> Slip:
    """The slip about a text that at `offset` does not hold what the parser expects there.

    `opened` holds the brackets that are open, with their offsets.
    """
    char = text[offset : offset + 1]
    if not char:
        return _ended(text, offset, expect, opened)
    if char == '"' and (broken := _in_string(text, offset)):
        return broken
    if char in "}]" and opened and (wrong := _closing(text, offset, expect, opened)):
        return wrong
    return _misplaced(text, offset, expect)


def _misplaced(text: str, offset: int, expect: str) -> Slip:
    what = found(text, offset)
    for known in _KNOWN:
        if expect in known.expect and known.pattern.match(text, offset):
            return Slip(offset, f"expected {_EXPECTED[expect]}, found {known.found.format(what)}", known.help)
    return Slip(offset, f"expected {_EXPECTED[expect]}, found {what}")


def found(text: str, offset: int) -> str:
    """What stands at the offset, in single quotes: a word, cut where it is long, or one character."""
    word = _WORD.match(text, offset)
    what = word[0] if word else text[offset : offset + 1]
    if not what:
        return "the end of the text"
    if not what.isprintable() or what.isspace():
        return f"character U+{ord(what[0]):04X}"
    return f"'{what}'" if len(what) <= 24 else f"'{what[:21]}...'"


def _ended(text: str, offset: int, expect: str, opened: Sequence[tuple[str, int]]) -> Slip:
    sentence = f"expected {_EXPECTED[expect]}, found the end of the text"
    if not opened:
        return Slip(offset, sentence)
    bracket, start = opened[-1]
    return Slip(offset, sentence, f"the {_NAMES[bracket]} that begins on line {_line(text, start)} is never closed")


def _closing(text: str, offset: int, expect: str, opened: Sequence[tuple[str, int]]) -> Slip | None:
    bracket, start = opened[-1]
    char = text[offset]
    if char != _CLOSERS[bracket]:
        line = _line(text, start)
        return Slip(offset, f"expected '{_CLOSERS[bracket]}' to close the '{bracket}' of line {line}, found '{char}'")
    comma = len(text[:offset].rstrip(" \t\r\n")) - 1
    if expect in {"key", "value"} and text[comma] == ",":
        sentence = f"expected {_EXPECTED[expect]} behind the comma, found '{char}'"
        return Slip(comma, sentence, f"JSON allows no comma before '{char}'")
    return None


_GOOD = regex(rf'"{PLAIN}(?:{ESCAPE}{PLAIN})*')
_SHORT = {"\t": "\\t", "\b": "\\b", "\f": "\\f"}


def _in_string(text: str, offset: int) -> Slip | None:
    """What is wrong inside the string that begins at the offset; None where nothing is."""
    match = _GOOD.match(text, offset)
    at = match.end() if match else offset
    char = text[at : at + 1]
    if char == '"':
        return None
    if char == "\\":
        return _escape(text, at)
    begins = f"the string begins on line {_line(text, offset)}, column {offset - text.rfind(chr(10), 0, offset)}"
    if not char:
        return Slip(at, "expected '\"' to close a string, found the end of the text", begins)
    if char in "\r\n":
        begins += "; a line break inside it is written \\n"
        return Slip(at, "expected '\"' to close a string, found the end of the line", begins)
    name = "a tab" if char == "\t" else f"the control character U+{ord(char):04X}"
    return Slip(at, f"expected no raw control character in a string, found {name}", f"write {_short(char)}")


def _short(char: str) -> str:
    return _SHORT.get(char) or f"\\u{ord(char):04x}"


def _escape(text: str, at: int) -> Slip:
    if text.startswith("\\u", at):
        return Slip(at, f"expected four hexadecimal digits after \\u, found {text[at + 2 : at + 6]!a}")
    what = f"'\\{text[at + 1]}'" if text[at + 1 : at + 2].isprintable() and at + 1 < len(text) else "a lone '\\'"
    sentence = f'expected an escape that JSON knows (\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX), found {what}'
    return Slip(at, sentence, "a backslash itself is written \\\\")


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
