"""Changes inside a YAML scalar: in its own style where that can say what is meant, in double quotes where it cannot.

Whether it can is tried: what would stand there is read again before it is taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from yaml.nodes import MappingNode, ScalarNode

from lbgen.regex import regex
from lbgen.source.jsonstrings import clipped
from lbgen.source.replacement import CannotReplace, Change, Replacement, applied
from lbgen.source.slip import Place, Slip
from lbgen.source.yamlnodes import TAG, compose
from lbgen.source.yamltree import steps_of, value_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.source.document import Document

_STRING = TAG + "str"
_BLANKS = regex(r"[ \t]+")
_LINE_END = regex(r"[ \r]*\n")
_ONE_LINE_END = regex(r"\r?\n(?![ \t\r]*\n)(?=.)", re.DOTALL)
_NO_SIGN = str.maketrans("", "", "+-")
_PLAIN_KEY = regex(r"[A-Za-z_][\w./-]*", re.ASCII)


class _Scalar(NamedTuple):
    """A scalar in its text: where it stands without tag and anchor, how it is written, and what it is read as."""

    text: str
    start: int
    end: int
    old: str
    flow: bool
    newline: str

    @property
    def style(self) -> str:
        """The character that tells the style; empty for a plain scalar."""
        first = self.text[self.start : self.start + 1]
        return first if first and first in "\"'|>*" else ""

    @property
    def place(self) -> Place:
        return Place(self.start, self.end)


def changed_scalar(document: Document, tokens: list[str], place: Place, changes: Sequence[Change]) -> list[Replacement]:
    """The replacements that change the text of the scalar at the place; raises CannotReplace."""
    from lbgen.source.yamltree import YamlTree

    tree = document.index
    assert isinstance(tree, YamlTree)  # noqa: S101 - the document is YAML
    old = tree.scalar(tokens)
    if old is None:
        raise CannotReplace("there is no text to change")
    start, end = value_start(document.text, place), place.end
    if document.text[start : start + 1] in {"|", ">"}:
        # Blanks at the end of its last line belong to a block.
        end += len(match[0]) if (match := _BLANKS.match(document.text, end)) else 0
    return _changed(_Scalar(document.text, start, end, old, tree.in_flow(tokens), document.newline), changes)


def renamed_yaml_key(document: Document, key: tuple[int, int], old: str, new: str) -> list[Replacement]:
    """The replacements that give a key another name; raises CannotReplace."""
    start = value_start(document.text, Place(*key))
    # What can stand in brackets can stand everywhere.
    scalar = _Scalar(document.text, start, key[1], old, flow=True, newline=document.newline)
    return _changed(scalar, [Change(0, len(old), new)])


def _changed(scalar: _Scalar, changes: Sequence[Change]) -> list[Replacement]:
    needed = clipped(scalar.old, changes)
    new = applied(scalar.old, [Replacement(*change) for change in needed])
    original = scalar.text[scalar.start : scalar.end]
    if scalar.style in {"|", ">"} and _read(original, scalar) != scalar.old:
        raise CannotReplace("the block depends on what stands around it")
    for made in _candidates(scalar, needed, new):
        offset = [Replacement(start - scalar.start, end - scalar.start, text) for start, end, text in made]
        raw = applied(original, offset)
        if _read(raw, scalar) == new and _blank_lines(raw) <= _blank_lines(original):
            return made
    raise CannotReplace("the style of the scalar has no place for it")


def _blank_lines(raw: str) -> int:
    """How many lines of a block hold blanks and nothing else, which nobody writes on purpose."""
    return sum(line != "" and not line.strip(" \t") for line in raw.split("\n")[1:])


def _candidates(scalar: _Scalar, needed: Sequence[Change], new: str) -> Iterator[list[Replacement]]:
    """What may be written, what keeps most first."""
    steps = steps_of(scalar.text, scalar.place)
    if steps is not None:
        yield [Replacement(steps.raw(start), steps.raw(end), _written(scalar, inside)) for start, end, inside in needed]
    elif (folded := _by_their_text(scalar, needed)) is not None:
        yield folded
    if scalar.style == "|":
        yield from _literal(scalar, new)
    elif scalar.style != ">":
        yield [Replacement(scalar.start, scalar.end, double_quoted(new))]


def _written(scalar: _Scalar, inside: str) -> str:
    """The text as this style writes it."""
    if scalar.style == '"':
        return double_quoted(inside)[1:-1]
    if scalar.style == "'":
        return inside.replace("'", "''")
    if scalar.style == "|":
        return inside.replace("\n", scalar.newline + " " * _indent(scalar))
    return inside


def _by_their_text(scalar: _Scalar, needed: Sequence[Change]) -> list[Replacement] | None:
    """Changes of a text whose lines are folded, found by the words that go, where these stand there only once."""
    raw, made = scalar.text[scalar.start : scalar.end], []
    for start, end, inside in needed:
        word = _around(scalar.old, start, end)
        gone = scalar.old[word.start : word.end]
        if raw.count(gone) != 1 or "\n" in inside:
            return None
        at = scalar.start + raw.index(gone) + start - word.start
        made.append(Replacement(at, at + end - start, _written(scalar, inside)))
    return made


def _around(text: str, start: int, end: int) -> Change:
    """The whole words that the stretch is in."""
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return Change(start, end, "")


def _literal(scalar: _Scalar, new: str) -> Iterator[list[Replacement]]:
    """The block written anew, with the sign for the line breaks at its end."""
    header, break_, _ = scalar.text[scalar.start : scalar.end].partition("\n")
    if not break_ or " #" in header:
        return
    sign = "-" if not new.endswith("\n") else "+" if new.endswith("\n\n") else ""
    # What is kept with a plus are all blank lines that follow.
    if sign == "+" and not _ONE_LINE_END.match(scalar.text, scalar.end):
        return
    indent = " " * _indent(scalar)
    lines = (f"{indent}{line}" if line else "" for line in new.removesuffix("\n").split("\n"))
    opening = header.rstrip("\r").translate(_NO_SIGN)
    body = scalar.newline.join([f"{opening[:1]}{sign}{opening[1:]}", *lines])
    yield [Replacement(scalar.start, scalar.end, body)]


def _indent(scalar: _Scalar) -> int:
    lines = scalar.text[scalar.start : scalar.end].split("\n")[1:]
    full = next((line for line in lines if line.strip()), "")
    return len(full) - len(full.lstrip(" "))


def _read(raw: str, scalar: _Scalar) -> str | None:
    """The string that the scalar would be read as where it stands; None where it would be no string."""
    ends = "\n" if scalar.style not in {"|", ">"} or _LINE_END.match(scalar.text, scalar.end) else ""
    if scalar.flow:
        return _only_value(f"[{raw}]") if "\n" in raw else _only_value(f"[{raw}]", f"{{{raw}: {raw}}}")
    return _only_value(f"k: {raw}{ends}")


def _only_value(*texts: str) -> str | None:
    values = {_value(text) for text in texts}
    return values.pop() if len(values) == 1 else None


def _value(text: str) -> str | None:
    try:
        root = compose(text)
    except Slip:
        return None
    children = root.value if root is not None and not isinstance(root, ScalarNode) else []
    if len(children) != 1:
        return None
    node = children[0][1] if isinstance(root, MappingNode) else children[0]
    return str(node.value) if isinstance(node, ScalarNode) and node.tag == _STRING else None


_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def double_quoted(value: str) -> str:
    """The value in double quotes, as YAML writes it."""
    return f'"{"".join(_SHORT.get(char) or _escaped(char) for char in value)}"'


def _escaped(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def plain_key(key: str) -> str:
    """The key as it is where no reader can take it for anything else, else in double quotes."""
    plain = _PLAIN_KEY.fullmatch(key) and _value(f"[{key}]") == key
    return key if plain else double_quoted(key)
