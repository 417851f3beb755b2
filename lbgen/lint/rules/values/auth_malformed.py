"""AUTH is not made of a realm, a user and a hash of a password.

## What it does

Cuts `HAPROXY_{n}_AUTH` at its colons, as Marathon-LB does, and looks at the three parts.

## Why is this bad?

More or fewer parts stop Marathon-LB, for all apps. A blank in the user or the hash, or a quote, makes a file that
HAProxy refuses. An empty realm makes Marathon-LB write a list of users and no rule that asks for it: everybody is let
in. lbgen leaves the app out, or, where only the realm is missing, takes the app's id for it.

## Use instead

```json
"HAPROXY_0_AUTH": "Staff only:joe:$6$..."
```

There is no way to write a colon within a part. `lbgen hash` makes the hash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.finding import Severity
from lbgen.haproxy.words import plain_value_problem
from lbgen.lint.labels import read_labels
from lbgen.lint.rule import Problem
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Label

_OTHERS = regex(r"[\x00-\x1f\x7f$]")
_FORM = "write realm:user:hash; lbgen hash makes the hash"


def check(app: App) -> Iterator[Problem]:
    """What is wrong with each AUTH; the hash as such is looked at by another rule."""
    for label, _ in read_labels(app):
        if label.name == "AUTH":
            parts = label.text.split(":")
            if len(parts) == 3:
                yield from _in_parts(label, parts, portable=app.context.portable)
            else:
                count = "1 part" if len(parts) == 1 else f"{len(parts)} parts between colons"
                message = f"has {count} in place of realm, user and hash: Marathon-LB stops for all apps"
                yield Problem(message, label.origin, _FORM)


def _in_parts(label: Label, parts: list[str], *, portable: bool) -> Iterator[Problem]:
    realm, user, hashed = parts
    second, third = len(realm) + 1, len(realm) + len(user) + 2
    if not realm:
        yield Problem(
            "the realm is empty: Marathon-LB asks nobody for a password then",
            label.origin,
            "put a name in front of the first colon",
            severity=Severity.WARNING if portable else Severity.ERROR,
        )
    elif not _OTHERS.search(realm) and (problem := plain_value_problem(realm, quoted=True)):
        yield Problem(f"the realm holds {problem}, and stands between quotes", label.origin.narrowed(0, len(realm)))
    if not user:
        yield Problem("the user has no name: nobody could log in", label.origin, _FORM)
    for what, text, start in (("user's name", user, second), ("hash", hashed, third)):
        if problem := _problem(text):
            yield Problem(f"the {what} holds {problem}", label.origin.narrowed(start, start + len(text)), _FORM)


def _problem(text: str) -> str | None:
    if text.split() not in ([], [text]):
        return "a blank, where HAProxy reads the next word"
    # Dollars are what hashes are made of, and other rules tell of control characters.
    return None if _OTHERS.search(text.replace("$", "")) else plain_value_problem(text, quoted=False)
