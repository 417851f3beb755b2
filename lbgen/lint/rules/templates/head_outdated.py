"""The operator's own head is from before Marathon-LB 1.12.

## What it does

Looks at a `HAPROXY_HEAD`, in the environment or in the templates directory, for the word `daemon`, in a comment too,
and for the words `expose-fd listeners`.

## Why is this bad?

From 1.12 on, Marathon-LB reloads HAProxy by its master process, which needs the sockets of the old one and stays in the
foreground. It stops at a head with `daemon`, or without `expose-fd listeners`, and there is no configuration for
anybody. The portable dialect takes such a head.

## Use instead

```
global
  stats socket /var/run/haproxy/socket expose-fd listeners
```
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.rule import Problem
from lbgen.origin import Origin, Position, Span
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import Fleet
    from lbgen.render.templates import Replacement

_DAEMON = regex(r"(?<!\S)daemon(?!\S)")
_SOCKET = regex(r"^[ \t]*stats[ \t]+socket[ \t]+\S+[^#\n]*?(?=[ \t]*(?:#|$))", re.MULTILINE)
_NEEDED = "expose-fd listeners"


def check(fleet: Fleet) -> Iterator[Problem]:
    """What Marathon-LB does not take of the head."""
    head = fleet.context.templates.get("HEAD")
    if head is None:
        return
    portable = fleet.context.portable
    severity = Severity.WARNING if portable else Severity.ERROR
    stops = "stops Marathon-LB 1.12 and later" + (", which the portable dialect does not mind" if portable else "")
    for match in _DAEMON.finditer(head.text):
        span = _span(head.text, match.start(), match.end())
        fix = _fix("drop the word", head, _with_its_line(head.text, span), "")
        yield Problem(f"the word 'daemon' {stops}", _at(head, span), "drop it", fix=fix, severity=severity)
    if _NEEDED not in head.text:
        yield _unexposed(head, stops, severity)


def _unexposed(head: Replacement, stops: str, severity: Severity) -> Problem:
    message = f"a head without '{_NEEDED}' {stops}"
    socket = _SOCKET.search(head.text)
    if socket is None:
        return Problem(message, Origin(head.source), "add a stats socket with these words", severity=severity)
    end = _span(head.text, socket.end(), socket.end())
    fix = _fix("expose the listeners", head, end, f" {_NEEDED}")
    return Problem(message, _at(head, end), "add it to the stats socket", fix=fix, severity=severity)


def _fix(message: str, head: Replacement, span: Span, text: str) -> Fix | None:
    """The edit of the file; a variable of the environment is not lbgen's to edit."""
    if Path(head.source).name != "HAPROXY_HEAD":
        return None
    return Fix(message, (Edit(head.source, text, span=span),), safe=True)


def _span(text: str, start: int, end: int) -> Span:
    return Span(_position(text, start), _position(text, end))


def _with_its_line(text: str, span: Span) -> Span:
    """The whole line, where nothing else stands in it."""
    line = span.start.line
    alone = text.split("\n")[line - 1].strip() == "daemon"
    return Span(Position(line, 1), Position(line + 1, 1)) if alone else span


def _position(text: str, at: int) -> Position:
    return Position(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


def _at(head: Replacement, span: Span) -> Origin:
    return Origin(head.source, position=span.start)
