"""A label replaces a template that its service is not written with.

## What it does

Works out, from the vhosts, the path, the password, the redirect, the mode and the health check of a service, which
templates it is written with, and names every label that replaces another one. Labels that begin with `MAP_` after the
index replace nothing at all.

## Why is this bad?

There is a template for each combination: `HTTP_FRONTEND_ACL` stops being the one in use when the app gets a
`HAPROXY_0_PATH`, and a label that worked for years is ignored without a word.

## Use instead

The label of the template in use, which the message names, or none. `lbgen explain-templates app.json` lists them all.

```json
"HAPROXY_0_PATH": "/api",
"HAPROXY_0_HTTP_FRONTEND_ACL_WITH_PATH": "..."
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Edit, Fix
from lbgen.lint.label_templates import operators, overrides, plan_options, uses_of
from lbgen.lint.rule import Problem
from lbgen.marathon.labels import IGNORED_TEMPLATE_LABELS
from lbgen.marathon.templates import TEMPLATES
from lbgen.marathon.unused_templates import why_unused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Label
    from lbgen.marathon.unused_templates import Unused
    from lbgen.model.service import Service

_APP_ID = "HTTP_FRONTEND_APPID_ACL"


def check(app: App) -> Iterator[Problem]:
    """Every template label whose text is never read."""
    for label in app.labels:
        if label.name in IGNORED_TEMPLATE_LABELS:
            plain = label.key.replace("_MAP_", "_", 1)
            yield Problem(
                "is never read: no label replaces the rules of the map", label.origin, f"{plain} is what counts"
            )
    for label, service, uses in overrides(app):
        if uses or _hides_what_is_not_there(label, service):
            continue
        options, texts = plan_options(app.context), operators(app.context)
        unused = why_unused(label.name or "", service, uses_of(service, app), options, texts)
        used = " and ".join(filter(None, (", ".join(unused.instead[:-1]), *unused.instead[-1:])))
        said = (
            f"; the template in use is {used}" if len(unused.instead) == 1 else f"; in use are {used}" if used else ""
        )
        help_ = "lbgen explain-templates shows which templates the app is written with"
        yield Problem(f"is not used: {unused.reason}{said}", label.origin, help_, fix=_fix(app, label, unused))


def _hides_what_is_not_there(label: Label, service: Service) -> bool:
    """Whether the label is one of those that are emptied to hide a door that the service does not have."""
    if label.text.strip():
        return False
    return label.name == "FRONTEND_BACKEND_GLUE" or (label.name == _APP_ID and service.mode != "http")


def _fix(app: App, label: Label, unused: Unused) -> Fix | None:
    """A new name for the label, where there is one template only, and its text can be filled in there."""
    if len(unused.instead) != 1:
        return None
    name = unused.instead[0]
    row, own = TEMPLATES[name], TEMPLATES[label.name or ""]
    key = f"HAPROXY_{label.index}_{name}"
    if not row.by_label or not own.placeholders <= row.placeholders or key in app.app.labels:
        return None
    edit = Edit(label.origin.document, key, label.origin.pointer, key=True)
    return Fix(f"call it {key}", (edit,), safe=False)
