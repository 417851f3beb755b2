r"""A label holds a line break or another control character.

## What it does

Looks at every label that is written into haproxy.cfg: values for line breaks and control characters, templates for
control characters other than line feeds and tabs.

## Why is this bad?

Marathon-LB pastes values as they are. What stands behind a line break is a line of its own: a rule on the shared
frontend that takes everybody's requests, or a section of its own with a tunnel to any inner host. `haproxy -c` has
nothing to say. lbgen leaves the app out.

## Use instead

A value on one line. What really is several lines belongs into a label that replaces a template. Where nothing but a
line break stands around a value, the fix takes it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.labels import rewritten
from lbgen.lint.rule import Problem
from lbgen.marathon.labels import BY_NAME, TEMPLATE_LABELS
from lbgen.regex import regex

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from lbgen.finding import Fix
    from lbgen.lint.subjects import App, Label

_IN_VALUES = regex("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_IN_TEMPLATES = regex("\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAKS = frozenset("\n\r\x85\u2028\u2029")


def check(app: App) -> Iterator[Problem]:
    """The first such character of every label."""
    for label in app.labels:
        if label.name in BY_NAME:
            found = _IN_VALUES.search(label.text)
        elif label.name in TEMPLATE_LABELS:
            found = _IN_TEMPLATES.search(label.text)
        else:
            continue
        if found is not None:
            help_ = "write the value on one line" if label.name in BY_NAME else "take it out"
            message, origin = _message(label.text, found), label.origin.narrowed(*found.span())
            yield Problem(message, origin, help_, fix=_stripped(label) if label.name in BY_NAME else None)


def _stripped(label: Label) -> Fix | None:
    """The value without what is around it, where that is all there is; nobody means it."""
    text = label.text.strip()
    return None if not text or _IN_VALUES.search(text) else rewritten(label, text, f'write "{text:.60}"', safe=True)


def _message(text: str, found: re.Match[str]) -> str:
    if found[0] not in _BREAKS:
        return f"holds the control character U+{ord(found[0]):04X}"
    rest = text[found.end() :].strip()
    said = f': "{rest.splitlines()[0].strip():.60}" would be a line of its own' if rest else ""
    return f"holds a line break{said}"
