"""How a text is spelled in a line: so that HAProxy, its regular expressions and its formats take it literally."""

from __future__ import annotations

import re

from lbgen.haproxy.words import read_line
from lbgen.regex import regex

_META = regex(r"[.^$*+?{}\[\]\\|()]")


def spelled(text: str) -> str:
    """The text as one word: as it is where HAProxy reads it so, else in single quotes."""
    lexed = read_line(text)
    # A backslash at the end would make the blank behind it a part of the word.
    plain = lexed.error is None and lexed.comment is None and not text.endswith("\\")
    return text if plain and [(word.text, word.variables) for word in lexed.words] == [(text, ())] else _quoted(text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def literal(text: str) -> str:
    """A regular expression that matches the text and nothing else."""
    return _META.sub(r"\\\g<0>", text)


def format_of(text: str) -> str:
    """The text in a format that replaces what a regular expression found."""
    return text.replace("\\", "\\\\").replace("%", "%%")


def in_quotes(text: str) -> str:
    """The text as it stands between double quotes."""
    return re.sub(r'([\\"$])', r"\\\1", text)
