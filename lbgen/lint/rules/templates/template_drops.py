r"""A label that replaces a template leaves out what other settings of the app need.

## What it does

Compares the text with the placeholders that the built-in template has, as far as the app depends on them: a
`BACKEND_HEAD` of an http service without a `mode`, or a `FRONTEND_HEAD` of one with a password; a
`BACKEND_SERVER_OPTIONS` without the health check, the cookie or the draining that the app asks for; a head without the
address, the certificate, the options or the balancing that a label gives; a rule that leads to an app with a password
and asks for none. A `server` line that names no task (`{host_ipv4}` or `{host}`) is somebody else's server, and needs
nothing.

## Why is this bad?

The backend is in tcp mode then, which HAProxy refuses under an http frontend; in a frontend in tcp mode it asks nobody
for a password. Servers are not checked, sessions wander
between tasks, draining never ends: all this passes `haproxy -c`.

## Use instead

```json
"HAPROXY_0_BACKEND_SERVER_OPTIONS":
  "  server {serverName} {host_ipv4}:{port}{cookieOptions}{healthCheckOptions}{otherOptions}\n"
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.lint.label_templates import lines, operators, used_overrides, uses_of
from lbgen.lint.rule import Problem
from lbgen.lint.template_parts import PARTS
from lbgen.regex import regex
from lbgen.render.override import opens_section, says_something

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.lint.label_templates import Override
    from lbgen.lint.subjects import App
    from lbgen.marathon.used_templates import Use


_ASKING = ("_WITH_AUTH", "_AUTH_AND_PATH", "ROUTING_ONLY_WITH_PATH_AND_AUTH")
_ASKS = regex(r"http-request\s+auth|http_auth\(")
_MODE = regex(r"^\s*mode\s", re.MULTILINE)


def check(app: App) -> Iterator[Problem]:
    """What the app's templates leave out."""
    for override in used_overrides(app):
        kind = override.row.opens
        if kind in {"frontend", "backend"} and opens_section(override.text, kind):
            uses = uses_of(override.service, app)
            yield from _mode(override, kind, operators(app.context).get("HEAD", ""), uses)
            yield from _parts(override, app)
        elif override.name == "BACKEND_SERVER_OPTIONS" and "{host" in override.text:
            yield from _parts(override, app)
        elif override.name.endswith(_ASKING) and "use_backend" in override.text and not _ASKS.search(override.text):
            message = f"asks for no password, though HAPROXY_{override.label.index}_AUTH gives one"
            help_ = "keep the http-request auth of the built-in template"
            yield Problem(message, override.label.origin, help_, severity=Severity.ERROR)


def _mode(override: Override, kind: str, head: str, uses: Sequence[Use]) -> Iterator[Problem]:
    """What a head without a mode leads to; an operator's own head may have a default for it."""
    if override.service.mode != "http" or _MODE.search(override.text) or _MODE.search(head):
        return
    consequence = "which HAProxy refuses"
    if kind == "frontend":
        # A frontend in tcp mode may lead to a backend in http mode: HAProxy then changes over by itself.
        if not any(use.template == "PORTABLE_FRONTEND_AUTH" for use in uses):
            return
        consequence = "where nobody is asked for the password"
    header = next(line for line in lines(override.text) if says_something(line.text))
    at = header.start + len(header.text)
    origin = override.label.origin
    edit = Edit(origin.document, "\n  mode {mode}", origin.pointer, at, at)
    yield Problem(
        f"leaves out the mode: the {kind} of an http service is in tcp mode, {consequence}",
        origin.narrowed(header.start, at),
        "add a line 'mode {mode}'",
        fix=Fix("add the mode", (edit,), safe=True),
        severity=Severity.ERROR,
    )


def _parts(override: Override, app: App) -> Iterator[Problem]:
    text = override.text
    for part in PARTS.get(override.name, ()):
        there = "{" + part.blank in text or re.search(part.words, text, re.MULTILINE)
        if not there and part.needed(override, app):
            without = part.without.replace("{n}", str(override.label.index))
            message = f"leaves out {{{part.blank}}}: {without}"
            fix = _fix(override, part.blank)
            yield Problem(message, override.label.origin, f"add {{{part.blank}}}", fix=fix)


def _fix(override: Override, blank: str) -> Fix | None:
    """The placeholder at the end of the only server line; who left it out may have meant it."""
    servers = [line for line in lines(override.text) if line.text.split()[:1] == ["server"] and "#" not in line.text]
    if override.name != "BACKEND_SERVER_OPTIONS" or len(servers) != 1:
        return None
    at = servers[0].start + len(servers[0].text.rstrip())
    origin = override.label.origin
    return Fix(f"add {{{blank}}}", (Edit(origin.document, f"{{{blank}}}", origin.pointer, at, at),), safe=False)
