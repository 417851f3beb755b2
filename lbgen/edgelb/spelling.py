"""How a text is spelled in a line: so that HAProxy, its regular expressions and its formats take it literally."""

from __future__ import annotations

import re

from lbgen.haproxy.words import read_line

_META = re.compile(r"[.^$*+?{}\[\]\\|()]")


def spelled(text: str) -> str:
    """The text as one word: as it is where HAProxy reads it so, else in single quotes."""
    lexed = read_line(text)
    if lexed.error is None and lexed.comment is None and [word.text for word in lexed.words] == [text]:
        return text if not lexed.words[0].variables else _quoted(text)
    return _quoted(text)


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
