"""A label holds a secret that everybody can read.

## What it does

Looks at labels for private keys, `insecure-password`, and for credentials that a rule writes into a header
(`Authorization: Basic ...` or `Bearer ...`, `X-Api-Key` and the like) as they are. Hashes of passwords are made to be
shown, and are left alone; so are values that HAProxy works out, `%[...]`.

## Why is this bad?

Labels are open to everybody who may read Marathon's API. Marathon-LB writes them to a file, keeps copies in `/tmp`, and
shows all of it at `/_haproxy_getconfig`.

## Use instead

A hash in place of a password. Credentials for what is behind the app belong into the app, or into a file of the load
balancer that the operator's head names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App

_SET = r"(?:set|add)-header\s+"
_GIVEN = r"(?![\"']?(?:%\[|\{|\$))"
_NAME = r"[\w-]{0,40}(?:api-?key|token|secret|password)[\w-]{0,40}"
_SCHEME = r"(?:Proxy-)?Authorization\s+[\"']?(?:Basic|Bearer)(?:\\?\s)+"
_PATTERNS = (
    ("a private key", regex(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----")),
    ("a password in clear text", regex(r"\binsecure-password\s+(?P<at>\S+)")),
    ("credentials", regex(rf"{_SET}{_SCHEME}{_GIVEN}(?P<at>[^\s\"']{{6,}})", re.I)),
    ("credentials", regex(rf"{_SET}{_NAME}\s+{_GIVEN}[\"']?(?=\S*\d)(?P<at>[^\s\"'%{{}}]{{8,}})", re.I)),
)


def check(app: App) -> Iterator[Problem]:
    """Every secret in a label that the load balancer reads."""
    for label in app.labels:
        for what, pattern in _PATTERNS:
            if found := pattern.search(label.text):
                group = "at" if "at" in pattern.groupindex else 0
                message = f"holds {what}, and labels are public in Marathon and in /_haproxy_getconfig"
                yield Problem(message, label.origin.narrowed(*found.span(group)), "keep it out of labels")
                break
