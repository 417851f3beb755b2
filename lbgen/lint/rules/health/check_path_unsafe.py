"""The path of a health check does not stay one word of HAProxy's.

## What it does

Looks at the paths of the health checks that HAProxy asks over HTTP: blanks, `#`, quotes and backslashes in them, and
whether they begin with a slash.

## Why is this bad?

The path becomes a part of `option httpchk GET /path`, without quotes. Behind a blank or a `#` HAProxy reads something
else, and refuses the whole file; lbgen leaves the app out. What does not begin with a slash is no request that servers
answer: all of them are down.

## Use instead

The path as a client would send it:

```json
"healthChecks": [{"protocol": "HTTP", "path": "/health%20check"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.labels import asked
from lbgen.lint.rule import Problem
from lbgen.marathon.backends import check_kind
from lbgen.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from lbgen.lint.subjects import App

_UNSAFE = regex(r"""[\s#"'\\\x00-\x1f\x7f]""")


def check(app: App) -> Iterator[Problem]:
    """Every such path of a check that counts for a service, once."""
    seen: set[str] = set()
    for service in asked(app):
        found = service.check
        path = found.raw.get("path") if found is not None else None
        if found is None or found.pointer in seen or not isinstance(path, str):
            continue
        seen.add(found.pointer)
        over_http = check_kind(service, found) == "HTTP"
        # What no dialect can write is refused in tcp mode, too.
        if (unsafe := _UNSAFE.search(path)) and (over_http or not unsafe[0].isspace()):
            yield _unsafe(app, f"{found.pointer}/path", path, unsafe)
        elif over_http and not path.startswith("/"):
            yield _relative(app, f"{found.pointer}/path", path)


def _unsafe(app: App, pointer: str, path: str, unsafe: re.Match[str]) -> Problem:
    mended = _UNSAFE.sub(lambda found: quote(found[0]), path)
    # A client would not send what stands behind `#`.
    fix = _fix(app, pointer, mended, safe="#" not in path)
    what = "a blank" if unsafe[0] == " " else repr(unsafe[0])
    origin = app.at(pointer).narrowed(unsafe.start(), unsafe.end())
    help_ = "write it as clients send it, with % and two digits"
    return Problem(f"the path holds {what}, behind which HAProxy reads something else", origin, help_, fix=fix)


def _relative(app: App, pointer: str, path: str) -> Problem:
    fix = _fix(app, pointer, f"/{path}", safe=not path)
    what = f'"{path:.60}" does not begin with a slash' if path else "the path is empty"
    message = f"{what}: HAProxy asks for what no server has"
    return Problem(message, app.at(pointer), fix=fix, severity=Severity.WARNING)


def _fix(app: App, pointer: str, text: str, *, safe: bool) -> Fix:
    at = app.at(pointer)
    return Fix(f'write "{text:.60}"', (Edit(at.document, text, at.pointer),), safe)
