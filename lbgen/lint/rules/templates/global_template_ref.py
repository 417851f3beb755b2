"""A template of the operator's names a backend that comes and goes with an app.

## What it does

Looks at the templates that the operator replaced, for `use_backend`, `default_backend` and `http_auth` with a name that
no such template defines: one of an app's, or nobody's.

## Why is this bad?

An app that is suspended has no backend. HAProxy then refuses the whole configuration, and Marathon-LB drops one app
after the other in search of the one at fault, until none is left.

## Use instead

A backend that the same template defines, with a server by name; or a label of the app in question, which goes away
together with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.marathon.names import backend_name
from lbgen.origin import Origin, Position
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Fleet

_NAME = r"[A-Za-z0-9._:/-]+"
_REFERENCES = regex(
    rf"^[ \t]*(?:use_backend|default_backend)[ \t]+(?P<backend>{_NAME})(?!\S)|http_auth\((?P<users>{_NAME})\)",
    re.MULTILINE,
)
_DEFINED = regex(rf"^[ \t]*(?:backend|listen|userlist)[ \t]+({_NAME})", re.MULTILINE)


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every name in an operator's template that is no operator's."""
    templates = fleet.context.templates
    if not templates:
        return
    defined = {name for each in templates.values() for name in _DEFINED.findall(each.text)}
    owners = dict(_owners(fleet))
    for _, replacement in sorted(templates.items()):
        for match in _REFERENCES.finditer(replacement.text):
            name = match["backend"] or match["users"]
            if name not in defined:
                group = "backend" if match["backend"] else "users"
                origin = _origin(replacement.source, replacement.text, match.start(group))
                yield _problem(name, owners.get(name.removeprefix("user_")), origin)


def _owners(fleet: Fleet) -> Iterator[tuple[str, App]]:
    for app in fleet.apps:
        for service in app.services:
            yield backend_name(service.app.id, service.port), app


def _origin(source: str, text: str, at: int) -> Origin:
    line = text.count("\n", 0, at) + 1
    return Origin(source, position=Position(line, at - text.rfind("\n", 0, at)))


def _problem(name: str, owner: App | None, origin: Origin) -> Problem:
    if owner is None:
        message = f"names {name:.80}, which no app here has and no template of the operator's defines"
        return Problem(message, origin, "HAProxy refuses the whole configuration without it")
    message = f"names {name:.80} of {owner.id}: the whole configuration fails when that app is suspended"
    return Problem(message, origin, "a label of the app goes away together with it", related=(owner.origin,))
