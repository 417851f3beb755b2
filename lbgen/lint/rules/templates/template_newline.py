r"""The last line of a template does not end, or its lines end in a backslash and an `n`.

## What it does

Looks at labels that replace templates in use, but for those that are a part of a line. It reports a text whose last
line has no line feed, and the two characters `\n` where a line feed is meant: outside of quotes.

## Why is this bad?

Marathon-LB pastes the texts together. Without the line feed, two `server` lines become one, or a directive and the
header of the next section; `haproxy -c` fails for everybody. The portable dialect ends the line. A literal `\n`, as an
editor makes it that escapes what is escaped already, ends no line in either dialect: HAProxy takes it for a part of the
word in front, and refuses most of what comes of that.

## Use instead

```json
"HAPROXY_0_BACKEND_SERVER_OPTIONS": "  server {serverName} {host_ipv4}:{port}{healthCheckOptions}\n"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.label_templates import lines, used_overrides
from lbgen.lint.rule import Problem
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.label_templates import Override
    from lbgen.lint.subjects import App

# Quoted texts, comments and escapes come first, so that a `\n` within them is passed over.
_TOKENS = regex(r"""\\n|\\.|"(?:\\.|[^"\\])*"|'[^']*'|(?P<comment>(?<!\S)\#.*)""")


def check(app: App) -> Iterator[Problem]:
    """Every label that does not end its lines."""
    for override in used_overrides(app):
        spelled = list(_spelled(override.text))
        if spelled:
            yield _literal(override, spelled)
        elif not override.row.in_line and override.text.rpartition("\n")[2].strip():
            yield _unended(override, portable=app.context.portable)


def _spelled(text: str) -> Iterator[int]:
    """Where a backslash and an n stand for the end of a line."""
    if "\\n" in text:
        for line in lines(text):
            for match in _TOKENS.finditer(line.text):
                if match[0] == "\\n":
                    yield line.start + match.start()


def _literal(override: Override, spelled: list[int]) -> Problem:
    origin = override.label.origin
    edits = tuple(Edit(origin.document, "\n", origin.pointer, at, at + 2) for at in spelled)
    # Where some lines end as they should, the others may be meant as they are.
    safe = "\n" not in override.text.rstrip("\n")
    return Problem(
        "holds a backslash and an n in place of a line feed, which end no line",
        origin.narrowed(spelled[0], spelled[0] + 2),
        "in JSON a line feed is written \\n, with one backslash",
        fix=Fix("write line feeds", edits, safe=safe),
    )


def _unended(override: Override, *, portable: bool) -> Problem:
    origin, end = override.label.origin, len(override.text)
    start = override.text.rfind("\n") + 1
    glued = "Marathon-LB would write the next line behind it"
    return Problem(
        f"does not end its last line; {glued}{', the portable dialect ends it' if portable else ''}",
        origin.narrowed(start, end),
        "end the text with a line feed, \\n in JSON",
        fix=Fix("end the last line", (Edit(origin.document, "\n", origin.pointer, end, end),), safe=True),
        severity=Severity.WARNING if portable else Severity.ERROR,
    )
