"""Patterns of paths and of ids of apps."""

from __future__ import annotations

import re
from functools import lru_cache

from lbgen.regex import regex


@lru_cache(maxsize=256)
def pattern(glob: str) -> re.Pattern[str]:
    """What matches as the glob says: `*` and `?` stay within a part between slashes, `**` is any number of parts.

    What matches a directory matches all that is in it. A glob without a slash is for a name at any depth.
    """
    glob = glob.removeprefix("./").rstrip("/") or "*"
    anywhere = "" if "/" in glob else "(?:.*/)?"
    return re.compile(f"{anywhere}{_translated(glob)}(?:/.*)?", re.DOTALL)


_PIECE = regex(r"(?P<deep>\*\*/)|(?P<rest>\*\*)|(?P<star>\*)|(?P<one>\?)|\[(?P<not>[!^]?)(?P<set>\]?[^\]]*)\]")


def _translated(glob: str) -> str:
    made, at = "", 0
    for found in _PIECE.finditer(glob):
        made += re.escape(glob[at : found.start()]) + _piece(found)
        at = found.end()
    return made + re.escape(glob[at:])


def _piece(found: re.Match[str]) -> str:
    if found["set"] is not None:
        inside = re.sub(r"([\\\[\]&~|^])", r"\\\1", found["set"])
        # A range such as z-a is none: it stands for its characters.
        inside = re.sub(r"(.)-(.)", lambda it: it[0] if it[1] <= it[2] else f"{it[1]}{it[2]}\\-", inside)
        return f"[{'^/' if found['not'] else ''}{inside}]" if inside else re.escape(found[0])
    return {"deep": "(?:.*/)?", "rest": ".*", "star": "[^/]*", "one": "[^/]"}[str(found.lastgroup)]


def matches_path(path: str, glob: str) -> bool:
    """Whether the path, with slashes and as seen from where the glob was written, is one of those."""
    return pattern(glob).fullmatch(path) is not None


def matches_app(app: str, glob: str) -> bool:
    """Whether the id of an app is one of those; with or without the slash that ids begin with."""
    return pattern(f"/{glob.removeprefix('/')}").fullmatch(f"/{app.removeprefix('/')}") is not None
