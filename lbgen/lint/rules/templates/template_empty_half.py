"""The head of a section is empty while lines of the section are not.

## What it does

Looks at `FRONTEND_HEAD`, `BACKEND_HEAD` and `USERLIST_HEAD` that open no section of their own: empty ones, and ones
that begin with something else. To empty `FRONTEND_HEAD` together with `FRONTEND_BACKEND_GLUE` is how a service port is
hidden, and is left alone.

## Why is this bad?

What follows joins the section before. With Marathon-LB, an empty `FRONTEND_HEAD` ends the frontend of port 443 with
a `use_backend` that takes everything; an empty `BACKEND_HEAD` adds the tasks to another app's backend. The portable
dialect writes no rule for a frontend that is not there. Other apps of this kind are left out.

## Use instead

```json
"HAPROXY_0_FRONTEND_HEAD": "",
"HAPROXY_0_FRONTEND_BACKEND_GLUE": ""
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix, Severity
from lbgen.haproxy.parse import SECTION_KEYWORDS
from lbgen.lint.label_templates import used_overrides
from lbgen.lint.rule import Problem
from lbgen.origin import escape_pointer
from lbgen.render.override import opens_section, says_something

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.label_templates import Override
    from lbgen.lint.subjects import App

_GLUE = "FRONTEND_BACKEND_GLUE"
_KINDS = {"FRONTEND_HEAD": "frontend", "BACKEND_HEAD": "backend", "USERLIST_HEAD": "userlist"}


def check(app: App) -> Iterator[Problem]:
    """Every head without its section whose companions write something."""
    for override in used_overrides(app):
        kind = _KINDS.get(override.name)
        if kind is None or opens_section(override.text, kind):
            continue
        if _says_something(override.text):
            if any(opens_section(override.text, other) for other in SECTION_KEYWORDS):
                continue  # which section-in-template finds
            if "\n" not in override.text.strip() and "\\n" in override.text:
                continue  # which template-newline finds
            message = f"opens no {kind}: its lines belong to the section before"
            yield Problem(message, override.label.origin, f"begin with '{kind}'")
        elif kind == "frontend":
            yield from _hidden(app, override)
        elif kind == "backend":
            message = "is empty, and the servers would join the backend before"
            yield Problem(message, override.label.origin, "drop the label, or begin with 'backend {backend}'")
        else:
            yield from _nobody(override)


def _says_something(text: str) -> bool:
    return any(says_something(line) for line in text.split("\n"))


def _hidden(app: App, override: Override) -> Iterator[Problem]:
    service, label = override.service, override.label
    glue = service.overrides.get(_GLUE)
    if glue is not None and not _says_something(glue):
        return
    key = f"HAPROXY_{service.index}_{_GLUE}"
    portable = app.context.portable
    said = "; the portable dialect leaves it out" if portable else ""
    at = label.origin.pointer.rpartition("/")[0]
    edit = Edit(label.origin.document, "", f"{at}/{escape_pointer(key)}")
    yield Problem(
        f"hides the service port but not its rule, which Marathon-LB writes into another frontend{said}",
        label.origin,
        f"leave {key} empty too",
        related=(app.app.ref.label(key).origin(),) if glue is not None else (),
        fix=Fix(f"leave {key} empty", (edit,), safe=glue is None),
        severity=Severity.WARNING if portable else Severity.ERROR,
    )


def _nobody(override: Override) -> Iterator[Problem]:
    """An empty list of users is fine where the rules that ask for it are replaced too."""
    service = override.service
    if service.mode == "http" and service.vhosts and not any("_AUTH" in name for name in service.overrides):
        message = "is empty, and the rules on 80 and 443 ask for a list of users that is not there"
        yield Problem(message, override.label.origin, "drop the label, or replace the rules too")
