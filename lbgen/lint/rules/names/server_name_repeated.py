"""A label writes a server of a fixed name, once for each task.

## What it does

Looks for `server` lines in `HAPROXY_{n}_BACKEND_SERVER_OPTIONS` whose name is the same for all tasks: there is no
`{serverName}`, `{host}`, `{host_ipv4}`, `{port}` or `{serverId}` in it.

## Why is this bad?

The label is written once for each task of the app. With two instances, the backend has two servers of one name, and
HAProxy refuses the whole file, so that nobody is served. With one instance it is fine until a deployment, when
Marathon starts the new task before it stops the old one; this is told as information.

## Use instead

A name that differs, even if the address is always the same:

```
server {serverName} apiserver.example.com:6443 ssl verify none
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.lint.label_templates import lines, used_overrides
from lbgen.lint.labels import Item, replaced
from lbgen.lint.rule import Problem
from lbgen.marathon.deployment import GROUP
from lbgen.model.braces import Kind, braces
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.label_templates import Override
    from lbgen.lint.subjects import App

_SERVER = regex(r"\s*server(?:-template)?\s+(?P<name>[^\s\"'\\#]+)")
_DIFFERS = regex(r"\{(?:serverName|host|host_ipv4|port|serverId)[}:]")


def check(app: App) -> Iterator[Problem]:
    """Every line that names a server alike for all tasks."""
    tasks = max(app.app.fields.get("instances", 1), len(app.app.tasks or ()))
    for override in used_overrides(app) if tasks > 0 else ():
        if override.name == "BACKEND_SERVER_OPTIONS":
            yield from _repeated(app, override, tasks)


def _repeated(app: App, override: Override, tasks: int) -> Iterator[Problem]:
    for line in lines(override.text):
        found = _SERVER.match(line.text)
        if found is None or _DIFFERS.search(found["name"]) or _unknown(override, found["name"]):
            continue
        name = Item(found["name"], line.start + found.start("name"), line.start + found.end("name"))
        yield Problem(
            f'"{name.text:.60}" names a server for each of {_whose(app, tasks)}; HAProxy refuses the second',
            override.label.origin.narrowed(name.start, name.end),
            "{serverName} in its place makes names that differ",
            fix=replaced(override.label, name, "{serverName}", "write {serverName}", safe=False),
            severity=None if tasks > 1 else Severity.WARNING if GROUP in app.app.labels else Severity.INFO,
        )


def _unknown(override: Override, name: str) -> bool:
    """Whether the name holds a placeholder that there is not, of which template-placeholder tells."""
    known = frozenset[str]().union(*(use.placeholders for use in override.uses))
    return any(brace.kind is Kind.PLACEHOLDER and brace.name not in known for brace in braces(name))


def _whose(app: App, tasks: int) -> str:
    if tasks > 1:
        return f"{tasks:,} tasks"
    return "two colours" if GROUP in app.app.labels else "two tasks, as a deployment has them"
