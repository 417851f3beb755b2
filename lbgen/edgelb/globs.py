"""Globs where an expression is asked for, and the expressions that they were meant to be."""

from __future__ import annotations

import re

from lbgen.edgelb.said import writing
from lbgen.edgelb.spelling import literal
from lbgen.finding import Edit, Fix
from lbgen.regex import regex

# A star behind a plain character, as globs have it; a digit or letter in front may well be meant.
STAR = regex(r"(?:^|[^\\])[-_/]\*")
_ANY_PORT = "(:[0-9]+)?"


def expression_of(glob: str, *, host: bool = False) -> str:
    """The expression that matches what the glob does; of a `host` also with a port behind it."""
    text = ".*".join(literal(part) for part in glob.split("*"))
    return f"^{text}{_ANY_PORT if host else ''}$"


def mended(pointer: str, pattern: str) -> Fix | None:
    """A fix for a glob at the pointer of an expression; None where it is none."""
    if pattern.startswith("*"):
        plain = not re.search(r"[\\^$+?()\[\]{}|]", pattern)
        return writing(pointer, expression_of(pattern, host=pointer.endswith("/hostReg"))) if plain else None
    text = re.sub(r"(?<=[-_/])(?<!\\[-_/])\*", ".*", pattern)
    return writing(pointer, text) if text != pattern else None


def as_expression(pointer: str, host: str) -> Fix:
    """A fix that makes an expression of the host with a star at the pointer of a `hostEq`."""
    text = expression_of(host, host=True)
    edits = Edit("", text, pointer), Edit("", "hostReg", pointer, key=True)
    return Fix(f'write "hostReg": "{text:.60}"', edits, safe=False)
