"""A rule's manual page, taken apart for those who cannot show Markdown."""

from __future__ import annotations

import re

from lbgen.regex import regex

_HEADING = regex(r"^#+ *(.+)$", re.MULTILINE)


def section(page: str, heading: str) -> str:
    """What stands below the heading, as one plain paragraph; empty where there is no such heading."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return " ".join(plain(found[1]).split()) if found else ""


def plain(page: str) -> str:
    """The page without the marks of Markdown: headings, fences of code, and backquotes."""
    without_fences = re.sub(r"^```.*\n?", "", page, flags=re.MULTILINE)
    return _HEADING.sub(r"\1", without_fences).replace("`", "").strip()
