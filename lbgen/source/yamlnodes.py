"""From a YAML text to PyYAML's nodes, with the plain scalars of YAML 1.2's core schema, and our words for slips."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from yaml.composer import Composer
from yaml.error import MarkedYAMLError
from yaml.events import AliasEvent
from yaml.nodes import CollectionNode, Node, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from lbgen.regex import regex
from lbgen.source.slip import Slip
from lbgen.source.yamlslips import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 200
TAG = "tag:yaml.org,2002:"


class _Loader(Reader, Scanner, Parser, Composer, BaseResolver):
    """PyYAML's parts up to the tree of nodes, with the plain scalars of YAML 1.2 and a limit to nesting."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self.depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, AliasEvent):
            named = super().compose_node(parent, index)
            return _alias(named, event) if named else None
        if self.depth > MAX_DEPTH:
            raise Slip(event.start_mark.index, f"the value is nested more than {MAX_DEPTH} deep")
        self.depth += 1
        node: Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _alias(node: Node, event: AliasEvent) -> Node:
    """The node that the alias names, standing where the alias stands."""
    alias = copy(node)
    alias.start_mark, alias.end_mark = event.start_mark, event.end_mark
    if isinstance(alias, CollectionNode):
        alias.flow_style = True
    return alias


# The core schema of YAML 1.2: here `no`, `on`, `1_000` and `12:30` are the strings that they look like.
_PLAIN = (
    ("null", r"~|null|Null|NULL|", "~nN"),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("infinite", r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", "-+."),
    ("merge", r"<<", "<"),
)
PATTERNS = {TAG + name: regex(rf"(?:{pattern})\Z") for name, pattern, _ in _PLAIN}
for _kind, _, _first in _PLAIN:
    _firsts = [*_first, ""] if _kind == "null" else [*_first]
    _Loader.add_implicit_resolver(TAG + _kind, PATTERNS[TAG + _kind], _firsts)


def compose(text: str) -> Node | None:
    """The root of the text's nodes, None where it has none; raises Slip where the text is not YAML.

    Several documents are a list of them, without those that hold nothing.
    """
    try:
        documents = list(_documents(_Loader(text)))
    except ReaderError as error:
        sentence = f"expected text, found the control character U+{int(error.character):04X}"
        raise Slip(error.position, sentence, "in double quotes it can be written as an escape") from None
    except MarkedYAMLError as error:
        raise explain(text, error) from None
    if len(documents) < 2:
        return documents[0] if documents else None
    first, last = documents[0].start_mark, documents[-1].end_mark
    return SequenceNode(f"{TAG}seq", documents, first, last, flow_style=False)


def _documents(loader: _Loader) -> Iterator[Node]:
    while loader.check_node():
        node = loader.get_node()
        # What stands between two marks and says nothing is a null of no characters.
        if node is not None and node.start_mark.index < node.end_mark.index:
            yield node
