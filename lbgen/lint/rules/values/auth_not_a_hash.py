"""The password in AUTH is no crypt hash, so that nobody can log in.

## What it does

Looks at the third part of `HAPROXY_{n}_AUTH`. It should be what `crypt(3)` makes: `$6$` (SHA-512), `$5$` (SHA-256), or
one of the older ones. What is cut off, as when a shell takes `$6` for a variable, is no hash either.

## Why is this bad?

HAProxy hashes what a client sends and compares it with this text. With a password in clear text, everybody is refused,
who knows the password too, and the password can be read by everybody who may read the labels.

## Use instead

`lbgen hash` reads a password and prints a hash:

```json
"HAPROXY_0_AUTH": "Staff only:joe:$6$..."
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.labels import read_labels
from lbgen.lint.rule import Problem
from lbgen.lint.rules.values.crypt_hashes import problem_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App


def check(app: App) -> Iterator[Problem]:
    """Every AUTH of three parts whose third is no hash; the password is not repeated."""
    for label, _ in read_labels(app):
        parts = label.text.split(":")
        if label.name == "AUTH" and len(parts) == 3 and (problem := problem_of(parts[2])):
            start = len(label.text) - len(parts[2])
            origin = label.origin.narrowed(start, len(label.text)) if parts[2] else label.origin
            help_ = "lbgen hash makes a hash of a password"
            yield Problem(f"the third part is {problem}: nobody can log in", origin, help_)
