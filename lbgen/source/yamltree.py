"""YAML as JSON's users expect it: its value, nothing that JSON cannot say, and where each part of it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from lbgen.regex import regex
from lbgen.source.slip import RESERVED, Place, Slip, Twice, reserved
from lbgen.source.steps import Steps, escaped
from lbgen.source.yamlnodes import MAX_DEPTH, PATTERNS, TAG, compose

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_VALUES = 1_000_000
_MAX_DIGITS = 4300


def _integer(text: str) -> int:
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    return int(text[2:] if base != 10 else text, base)


_SCALARS: dict[str, Callable[[str], Any]] = {
    TAG + "str": str,
    TAG + "null": lambda _: None,
    TAG + "bool": lambda text: text.lower() == "true",
    TAG + "int": _integer,
    TAG + "float": float,
}
_COLLECTIONS = {TAG + "map": MappingNode, TAG + "seq": SequenceNode}
_FORBIDDEN = regex(rf"[{RESERVED}\ud800-\udfff]")


class YamlTree:
    """The nodes of a YAML text. Raises Slip where it is not YAML."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = compose(text)
        self._members: dict[int, dict[str, tuple[Node | None, Node]]] = {}
        self._count = 0

    def load(self) -> tuple[Any, list[Twice]]:
        """The value, and the members that an object has more than once; raises Slip for what JSON cannot say."""
        if self._root is None:
            raise Slip(0, "the document holds no value; expected YAML")
        twice: list[Twice] = []
        return self._value(self._root, (), twice), twice

    def find(self, tokens: list[str]) -> Place | None:
        """The place of the value that these tokens of a JSON pointer lead to; of equal keys the last counts."""
        key, node = self._node(tokens)
        return self._place(key, node) if node is not None else None

    def members(self, tokens: list[str]) -> dict[str, Place]:
        """The places of the members of an object, or of the items of a list, in their order; of equal keys the last."""
        node = self._node(tokens)[1]
        children = self._children(node) if node is not None else {}
        return {token: self._place(key, child) for token, (key, child) in children.items()}

    def scalar(self, tokens: list[str]) -> str | None:
        """The text of the scalar that these tokens lead to, as it is read; None where there is no scalar."""
        node = self._node(tokens)[1]
        return str(node.value) if isinstance(node, ScalarNode) else None

    def in_flow(self, tokens: list[str]) -> bool:
        """Whether the value stands within brackets or braces."""
        above = (self._node(tokens[:depth])[1] for depth in range(len(tokens)))
        return any(isinstance(node, CollectionNode) and node.flow_style for node in above)

    def shared(self, tokens: list[str]) -> bool:
        """Whether the value, or one that it is in, stands for another or has another stand for it, by an alias."""
        above = (self._node(tokens[:depth])[1] for depth in range(len(tokens) + 1))
        return any(self._is_shared(node) for node in above if node is not None)

    def _is_shared(self, node: Node) -> bool:
        match = _ANCHOR.match(self._text, node.start_mark.index)
        return match is not None and (match["sign"] == "*" or f"*{match['name']}" in self._text)

    def inside(self, place: Place, start: int, end: int) -> tuple[int, int]:
        """The offsets of the characters `start` up to `end` of the string at `place`; of all where lines are folded."""
        steps = steps_of(self._text, place)
        return (steps.raw(start), steps.raw(end)) if steps else (place.start, place.end)

    def _node(self, tokens: list[str]) -> tuple[Node | None, Node | None]:
        """The node that the tokens lead to, and that of its key."""
        key, node = None, self._root
        for token in tokens:
            key, node = self._children(node).get(token, (None, None)) if node else (None, None)
        return key, node

    def _place(self, key: Node | None, node: Node) -> Place:
        place = Place(node.start_mark.index, self._end(node))
        return place._replace(key=(key.start_mark.index, self._end(key))) if key else place

    def _value(self, node: Node, path: tuple[str, ...], twice: list[Twice]) -> Any:
        self._count += 1
        if self._count > _MAX_VALUES or len(path) > MAX_DEPTH:
            raise Slip(
                node.start_mark.index, f"the aliases stand for more than {_MAX_VALUES:,} values, or contain themselves"
            )
        if isinstance(node, ScalarNode):
            return _scalar(node)
        if not isinstance(node, _COLLECTIONS.get(node.tag, ())):
            raise _custom(node)
        if isinstance(node, SequenceNode):
            return [self._value(child, (*path, str(index)), twice) for index, child in enumerate(node.value)]
        return self._mapping(node, path, twice)

    def _mapping(self, node: Node, path: tuple[str, ...], twice: list[Twice]) -> dict[str, Any]:
        value: dict[str, Any] = {}
        first: dict[str, Node] = {}
        for key, child in node.value:
            name = _key(key)
            if first.setdefault(name, key) is not key:
                twice.append(Twice((*path, name), _offsets(first[name]), _offsets(key)))
            value[name] = self._value(child, (*path, name), twice)
        return value

    def _children(self, node: Node) -> dict[str, tuple[Node | None, Node]]:
        known = self._members.get(id(node))
        if known is None:
            known = self._members[id(node)] = {}
            if isinstance(node, MappingNode):
                known.update({key.value: (key, child) for key, child in node.value if isinstance(key, ScalarNode)})
            elif isinstance(node, SequenceNode):
                known.update({str(index): (None, child) for index, child in enumerate(node.value)})
        return known

    def _end(self, node: Node) -> int:
        """The offset behind the node's text; the mark of a block stands behind the blanks and comments after it."""
        last = node
        while isinstance(last, CollectionNode) and not last.flow_style and last.value:
            last = last.value[-1][1] if isinstance(last, MappingNode) else last.value[-1]
        start, end = node.start_mark.index, last.end_mark.index
        return start + len(self._text[start:end].rstrip())


def _offsets(node: Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _scalar(node: ScalarNode) -> Any:
    if bad := _FORBIDDEN.search(node.value):
        if bad[0] <= "\udfff":
            raise Slip(node.start_mark.index, "expected characters, found one half of a surrogate pair")
        reserved(node.start_mark.index, ord(bad[0]))
    if node.tag == TAG + "infinite":
        raise Slip(node.start_mark.index, f"expected a finite number, found '{node.value}'", "JSON knows no other")
    if node.tag == TAG + "merge":
        return str(node.value)
    if node.tag not in _SCALARS:
        raise _custom(node)
    pattern = PATTERNS.get(node.tag)
    if len(node.value) > _MAX_DIGITS and pattern:
        raise Slip(
            node.start_mark.index, f"a number of {len(node.value):,} characters; at most {_MAX_DIGITS:,} are taken"
        )
    if pattern and not pattern.match(node.value):
        raise Slip(
            node.start_mark.index, f"expected what its tag promises, {_name(node.tag)}, found '{node.value:.40}'"
        )
    return _SCALARS[node.tag](node.value)


def _key(node: Node) -> str:
    if not isinstance(node, ScalarNode):
        raise Slip(node.start_mark.index, "expected a string as key, found a collection", "JSON's keys are strings")
    if node.tag == TAG + "merge":
        instead = "write the members out: lbgen reads YAML 1.2, which has no merge keys"
        raise Slip(node.start_mark.index, "expected a key, found the merge key '<<'", instead)
    _scalar(node)
    # A key such as 80 or on is what it looks like.
    return str(node.value)


def _custom(node: Node) -> Slip:
    return Slip(node.start_mark.index, f"expected a value of JSON, found the tag {_name(node.tag)}", "take the tag out")


def _name(tag: str) -> str:
    return "!!" + tag.removeprefix(TAG) if tag.startswith(TAG) else tag


_ANCHOR = regex(r"(?:!\S*\s+)?(?P<sign>[&*])(?P<name>[^\s,\[\]{}]+)")
_PROPERTIES = regex(r"(?:[&!]\S*\s+)*")
_QUOTED = {
    '"': regex(r"[^\\]+|(\\x..|\\u....|\\U........|\\.)"),
    "'": regex(r"[^']+|('')"),
}
_ALL = regex(r".+")


def value_start(text: str, place: Place) -> int:
    """Where the scalar at the place begins, behind its tag and its anchor."""
    match = _PROPERTIES.match(text, place.start, place.end)
    return match.end() if match else place.start


def steps_of(text: str, place: Place) -> Steps | None:
    """The way through the string at `place`; None where its lines are folded, or it is an alias."""
    start = value_start(text, place)
    style = text[start : start + 1]
    if style == "|":
        return _literal(text, start, place.end)
    if "\n" in text[start : place.end] or style in {">", "*"}:
        return None
    if style in _QUOTED:
        return escaped(_QUOTED[style], text, start + 1, place.end - 1)
    return escaped(_ALL, text, start, place.end)


def _literal(text: str, start: int, end: int) -> Steps | None:
    header, *lines = text[start:end].split("\n")
    if re.search("[0-9]", header):
        return None
    full = next((line for line in lines if line.strip()), "")
    indent = len(full) - len(full.lstrip(" "))
    runs, at = [], start + len(header) + 1
    for line in lines:
        runs.append((len(line[indent:].removesuffix("\r")) + 1, at + min(indent, len(line))))
        at += len(line) + 1
    return Steps(runs, end)
