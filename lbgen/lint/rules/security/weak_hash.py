"""A password's hash is of a kind that is guessed quickly.

## What it does

Looks at the hashes of `AUTH` and `USERLIST_HEAD` labels, and at those of lists of users in hand-written files, for DES
(13 characters, or `_` and 19) and MD5 (`$1$`).

## Why is this bad?

Labels are open to everybody who may read Marathon's API, and `/_haproxy_getconfig` shows them too. One graphics card
guesses at DES hashes billions of times a second, at MD5 ones millions of times; of DES, only the first eight characters
of a password count.

## Use instead

SHA-512, which begins with `$6$`. `lbgen hash` makes one, as does `openssl passwd -6`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.lint.rule import Problem
from lbgen.origin import Origin, Position
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App, Configuration, Fleet, Label

_KINDS = (
    ("MD5", regex(r"\$1\$[^$]*\$[./0-9A-Za-z]{22}")),
    ("DES", regex(r"[./0-9A-Za-z]{13}|_[./0-9A-Za-z]{19}")),
)
_GIVEN = regex(r"(?<![\w-])password\s+(\S+)")
_HELP = "make one that begins with $6$: lbgen hash"


def check(fleet: Fleet) -> Iterator[Problem]:
    """Every weak hash of labels and hand-written files."""
    for app in fleet.apps:
        yield from _of_app(app)
    for configuration in fleet.configurations:
        if not configuration.generated:
            yield from _of_file(configuration)


def _kind(text: str) -> str | None:
    return next((name for name, pattern in _KINDS if pattern.fullmatch(text)), None)


def _message(kind: str) -> str:
    return f"the password's hash is {'an' if kind == 'MD5' else 'a'} {kind} one, which is guessed quickly"


def _of_app(app: App) -> Iterator[Problem]:
    for label in app.labels:
        for start, end in _hashes(label):
            if kind := _kind(label.text[start:end]):
                yield Problem(_message(kind), label.origin.narrowed(start, end), _HELP)


def _hashes(label: Label) -> Iterator[tuple[int, int]]:
    """Where hashes of passwords stand in a label."""
    if label.name == "AUTH":
        yield label.text.rfind(":") + 1, len(label.text)
    elif label.name == "USERLIST_HEAD":
        for match in _GIVEN.finditer(label.text):
            yield match.span(1)


def _of_file(configuration: Configuration) -> Iterator[Problem]:
    for section in configuration.config.sections:
        for directive in section.named("user") if section.kind == "userlist" else ():
            words = [word.text for word in directive.args]
            at = words.index("password") + 1 if "password" in words[:-1] else 0
            if at and (kind := _kind(words[at])):
                place = Position(directive.line, directive.args[at].start + 1)
                origin = Origin(configuration.config.name, position=place)
                yield Problem(_message(kind), origin, _HELP, config=configuration.line(directive))
