"""What most built-in templates are written in, a small part of Jinja2, filled without it.

Loading Jinja2 and compiling templates takes longer than all the rest of a run for one app. What is known here: names,
comments, `if NAME`, `if NAME == 'text'`, `or` between those, `else`, `for NAME in NAMES` and `include`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Node = Callable[[Mapping[str, Any]], str]
    Read = Callable[[str], str]


class BeyondPlainError(Exception):
    """The template holds what only Jinja2 knows, or a name that is not given: Jinja2 has the words for that."""


# A tag or a comment takes the blanks before it, where nothing else precedes them, and the end of its line.
_SIGN = regex(r"(?:^[ \t]*)?(?:\{#.*?#\}|\{%(?P<tag>.*?)%\})\n?|\{\{ (?P<name>\w+) \}\}", re.MULTILINE | re.DOTALL)
_TEST = regex(r"(\w+)(?: == '([^'\\]*)')?")
_LOOP = regex(r"for (\w+) in (\w+)")
_INCLUDE = regex(r'include "([^"\\]+)"')


def filled(text: str, given: Mapping[str, Any], read: Read) -> str:
    """The template with these values in it; `read` takes the path of an included one and returns its text.

    Raises BeyondPlainError.
    """
    nodes, end = _nodes(_pieces(text), read)
    if end:
        raise BeyondPlainError(end)
    return _joined(nodes, given)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Literal text (kind ""), names and tags, in order."""
    done = 0
    for match in _SIGN.finditer(text):
        yield "", text[done : match.start()]
        done = match.end()
        if match.lastgroup:
            yield match.lastgroup, match[match.lastgroup].strip()
    yield "", text[done:]


def _nodes(pieces: Iterator[tuple[str, str]], read: Read) -> tuple[list[Node], str]:
    """The nodes up to the tag that ends them, and that tag; it is empty at the end of the text."""
    nodes: list[Node] = []
    for kind, text in pieces:
        if kind == "tag" and text in ("else", "endif", "endfor"):
            return nodes, text
        nodes.append(_NODES[kind](text, pieces, read))
    return nodes, ""


def _joined(nodes: list[Node], given: Mapping[str, Any]) -> str:
    return "".join(node(given) for node in nodes)


def _literal(text: str, _pieces: object, _read: object) -> Node:
    if any(sign in text for sign in ("{{", "{%", "{#")):
        raise BeyondPlainError(text)
    return lambda _given: text


def _name(name: str, _pieces: object, _read: object) -> Node:
    return lambda given: str(_value(given, name))


def _value(given: Mapping[str, Any], name: str) -> Any:
    if name not in given:
        raise BeyondPlainError(name)
    return given[name]


def _tag(text: str, pieces: Iterator[tuple[str, str]], read: Read) -> Node:
    if loop := _LOOP.fullmatch(text):
        return _loop(loop[1], loop[2], _closed(pieces, read, "endfor"))
    if include := _INCLUDE.fullmatch(text):
        included = read(include[1])
        return lambda given: filled(included, given, read)
    return _choice(text.removeprefix("if "), pieces, read) if text.startswith("if ") else _unknown(text)


def _unknown(text: str) -> Node:
    raise BeyondPlainError(text)


def _closed(pieces: Iterator[tuple[str, str]], read: Read, by: str) -> list[Node]:
    nodes, end = _nodes(pieces, read)
    if end != by:
        raise BeyondPlainError(end)
    return nodes


def _loop(name: str, names: str, body: list[Node]) -> Node:
    return lambda given: "".join(_joined(body, {**given, name: each}) for each in _value(given, names))


def _choice(condition: str, pieces: Iterator[tuple[str, str]], read: Read) -> Node:
    tests = [_TEST.fullmatch(test) for test in condition.split(" or ")]
    then, end = _nodes(pieces, read)
    otherwise = _closed(pieces, read, "endif") if end == "else" else []
    if None in tests or end not in ("else", "endif"):
        raise BeyondPlainError(condition)
    return lambda given: _joined(then if any(_holds(test, given) for test in tests if test) else otherwise, given)


def _holds(test: re.Match[str], given: Mapping[str, Any]) -> bool:
    value = _value(given, test[1])
    return bool(value) if test[2] is None else bool(value == test[2])


_NODES: Mapping[str, Callable[[str, Iterator[tuple[str, str]], Read], Node]] = {
    "": _literal,
    "name": _name,
    "tag": _tag,
}
