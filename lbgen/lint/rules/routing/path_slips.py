"""What is wrong with a text that should be the beginning of a path, and what it was probably meant to be."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

from lbgen.regex import regex


class Slip(NamedTuple):
    """What is wrong; `meant` is the path in its place, or several with blanks between them, None where nobody knows."""

    message: str
    meant: str | None = None


_PLAIN = regex(r"[\w.~/-]+", re.ASCII)
_GLOB = regex(r"(?P<path>/[\w./~-]*?)/?(?:\.?\*|\(\.\*\))\$?", re.ASCII)
# Dollars and parentheses are parts of some paths.
_REGEX = regex(r"[\^*|\\\[{]|\.\+|\$\Z|\(.*[|*+?]")


def slip_in(path: str) -> Slip | None:
    """The first thing that is wrong with a path; None where nothing is."""
    if not path.isascii():
        meant = quote(path, safe="/%!$&'()*+,;=:@~", errors="replace") if path.startswith("/") else None
        return Slip("holds characters that clients send encoded: it never matches", meant)
    if _REGEX.search(path):
        return Slip("is compared as it stands, character by character; it is no pattern", _without_pattern(path))
    if not path.startswith("/"):
        meant = f"/{path}" if _PLAIN.fullmatch(path) else None
        return Slip("does not begin with a slash: it never matches", meant)
    if "?" in path:
        return Slip("holds a question mark, which ends a path: it never matches")
    if ",/" in path:
        meant = " ".join(part for part in path.split(",") if part)
        return Slip("is one path with a comma; paths stand apart by blanks", meant)
    return None


def _without_pattern(path: str) -> str | None:
    """The path, where the pattern says no more than that a path begins with it."""
    start = path.removeprefix("^")
    if (glob := _GLOB.fullmatch(start)) is not None:
        return glob["path"] or "/"
    return start if start.startswith("/") and _PLAIN.fullmatch(start) else None
