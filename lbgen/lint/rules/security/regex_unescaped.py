r"""A path that ends up in a regular expression holds characters that mean something there.

## What it does

Looks at `HTTP_BACKEND_PROXYPASS_PATH`, which is pasted between `^` and `/?(.*)`, and at
`HTTP_BACKEND_REVPROXY_PATH`, in which `\1` to `\3` stand for groups. A dot, which matches itself too, and what can only
be meant as an expression, is told as information.

## Why is this bad?

A parenthesis that is never closed stops everybody's configuration; lbgen leaves the app out. One that is closed
takes the number of the group that should hold the rest of the path, and requests go to the wrong one. `+`, `*` and `?`
keep the path from matching itself.

## Use instead

A backslash in front of what should be taken as it is, two in JSON:

```json
"HAPROXY_0_HTTP_BACKEND_PROXYPASS_PATH": "/v1\\.0"
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.rule import Problem
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Label

# A dollar sign in front of a name is a variable, which is worse, and another rule's.
_SPECIAL = regex(r"\\.|[.+*?()\[\]{}|^]|\$(?![A-Za-z_{])")
# Nobody writes these by accident.
_MEANT = regex(r"\[[^\]]+\]|\(\?|\.[*+]|\\[dws]|\|")
_IS = "is part of a regular expression"
_BEYOND = regex(r"\\[4-9]")


def check(app: App) -> Iterator[Problem]:
    """Every path that is no plain one."""
    for label in app.labels:
        if label.name == "HTTP_BACKEND_PROXYPASS_PATH":
            yield from _pattern(label)
        elif label.name == "HTTP_BACKEND_REVPROXY_PATH" and (found := _BEYOND.search(label.text)):
            message = f"asks for the group {found[0]}, and there are three"
            yield Problem(message, label.origin.narrowed(*found.span()), r"\3 is the path", severity=Severity.WARNING)


def _pattern(label: Label) -> Iterator[Problem]:
    found = [match for match in _SPECIAL.finditer(label.text) if not match[0].startswith("\\")]
    broken = not _can_be_read(label.text)
    if not found and not broken:
        return
    first = next((match for match in found if match[0] != "."), found[0] if found else None)
    span = first.span() if first else (0, len(label.text))
    message, severity = _said(first, label.text, broken=broken)
    fix = _fix(label, found, safe=broken) if found else None
    yield Problem(message, label.origin.narrowed(*span), "put a backslash in front", fix=fix, severity=severity)


def _said(first: re.Match[str] | None, text: str, *, broken: bool) -> tuple[str, Severity]:
    if broken:
        return f"{_IS}, and cannot be read as one", Severity.ERROR
    if re.compile(text).groups:
        return f"{_IS}, where its group takes the place of the rest of the path", Severity.ERROR
    char = first[0] if first else "."
    if char == "." or _MEANT.search(text):
        return f"{_IS}, where '{char}' stands for more than itself", Severity.INFO
    return f"{_IS}, where '{char}' is no character of a path", Severity.WARNING


def _can_be_read(text: str) -> bool:
    try:
        re.compile(f"^{text}/?(.*)")
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _fix(label: Label, found: list[re.Match[str]], *, safe: bool) -> Fix:
    origin = label.origin
    edits = tuple(Edit(origin.document, "\\", origin.pointer, match.start(), match.start()) for match in found)
    return Fix("escape them", edits, safe)
