"""From a document to its value, and from what is wrong with it to an error that says where."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jiter

from lbgen.errors import InputError
from lbgen.origin import Origin
from lbgen.regex import regex
from lbgen.source.slip import Slip

if TYPE_CHECKING:
    from lbgen.source.document import Document

# A key of a block, a document's start, a list or a comment, as YAML has them and JSON never begins.
_LOOKS_LIKE_YAML = regex(r"(?:\s*(?:#[^\n]*)?\n)*(?:---\s|- |[\w/.-]+:(?:\s|$))")
_IS_YAML = "this looks like YAML: call the file .yaml, or standard input so with --stdin-filename"
_BOM = b"\xef\xbb\xbf"


def load(document: Document) -> Any:
    """The value of the document; of duplicate keys the last counts, and the document remembers that there are some.

    Raises InputError with line and column where the text is not what its kind says.
    """
    try:
        return _json(document) if document.kind == "json" else _yaml(document)
    except Slip as slip:
        origin = Origin(document.name, position=document.position(slip.offset))
        yaml = document.kind == "json" and _LOOKS_LIKE_YAML.match(document.text)
        help_ = _IS_YAML if yaml else slip.help
        raise InputError(str(slip), origin=origin, help=help_, rule=f"invalid-{document.kind}") from None


def _json(document: Document) -> Any:
    raw = document.raw.removeprefix(_BOM)
    try:
        value = jiter.from_json(raw, allow_inf_nan=False, catch_duplicate_keys=True)
    except ValueError:
        value = _json_slowly(document, raw)
    return value


def _json_slowly(document: Document, raw: bytes) -> Any:
    """The value of a JSON text that has duplicate keys, or half a surrogate pair; raises Slip where it is no JSON."""
    from lbgen.source.jsonwalk import duplicates, walk

    try:
        value = jiter.from_json(raw, allow_inf_nan=False)
    except ValueError:
        for _ in walk(document.text):
            pass
        # It is JSON after all: the standard library takes what is half a character.
        value = json.loads(document.text)
    document.note_duplicates(duplicates(document.text))
    return value


def _yaml(document: Document) -> Any:
    # PyYAML takes 20 ms, and most inputs are JSON.
    from lbgen.source.yamltree import YamlTree

    tree = YamlTree(document.text)
    value, twice = tree.load()
    document.note_duplicates(twice)
    return value
