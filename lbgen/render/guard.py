"""The finished text, looked over: no line that a label wrote may open a section, but for a head its own.

Labels are checked by themselves already. What is left shows up here: values that are filled in, lines that two labels
of one app write together, names of sections that somebody else has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lbgen.errors import AppError
from lbgen.haproxy.words import read_line
from lbgen.regex import regex
from lbgen.render.override import NOT_TEXT, line_problem, says_something

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.model.plan import Fragment
    from lbgen.model.service import Service

    Fault = tuple[Service, AppError]

# A variable could stand for the name of somebody else's section.
_NAME = regex(r"[A-Za-z0-9._:-]+")
_SECTION = regex(r"^[ \t]*(userlist|frontend|backend|listen)[ \t]+([^ \t\n#\"'\\]+)", re.MULTILINE)


def escapes(parts: Sequence[tuple[str, Fragment]], opens: Mapping[str, str]) -> list[Fault]:
    """The services whose labels wrote what leaves its place, and why.

    `parts` are the texts of the file in their order with what made them, `opens` the kinds of section that the
    templates open, by name.
    """
    if not any(fragment.overridden for _, fragment in parts):
        return []
    faults: list[Fault] = []
    heads: list[_Head] = []
    before, author = "", None
    for text, fragment in parts:
        if not text:
            continue
        if author is None and not fragment.overridden:
            before = text if "\n" in text else before + text
            continue
        begun = before.rpartition("\n")[2]
        if fragment.overridden:
            faults += _judged(begun, text, fragment, opens[fragment.template], heads)
        elif author is not None:
            faults += _judged(begun, text.partition("\n")[0], author, "", heads)
        if fragment.overridden or "\n" in text:
            author = fragment if fragment.overridden and not text.endswith("\n") else None
        before = text if "\n" in text else before + text
    return faults + (_taken(parts, opens, heads) if heads else [])


class _Head(NamedTuple):
    """A section that a label opened."""

    kind: str
    name: str
    fragment: Fragment


def _judged(begun: str, text: str, fragment: Fragment, opens: str, heads: list[_Head]) -> Iterator[Fault]:
    """What is wrong with the lines of the text, the first of which may have `begun` already."""
    if found := NOT_TEXT.search(text):
        yield _fault(fragment, f"is filled with the character U+{ord(found[0]):04X}")
    lines = (begun + text).split("\n")
    if begun.strip():
        # What began on a line of others opens nothing, and what it opens on lines of its own is still to come.
        yield from _out_of_place(fragment, lines.pop(0), "")
    for line in filter(says_something, lines):
        faults = list(_out_of_place(fragment, line, opens))
        yield from faults
        if opens and not faults:
            words = read_line(line).words
            name = words[1].text if len(words) > 1 else ""
            if not _NAME.fullmatch(name):
                yield _fault(fragment, f'opens a section by the name "{name:.60}"; letters, digits and ._:- make names')
            heads.append(_Head(words[0].text, name, fragment))
        opens = ""


def _out_of_place(fragment: Fragment, line: str, opens: str) -> Iterator[Fault]:
    if problem := line_problem(line, opens):
        yield _fault(fragment, f'makes the line "{line.strip():.60}": {problem}')


def _fault(fragment: Fragment, message: str, rule: str = "bad-template") -> Fault:
    service = fragment.service
    assert service is not None  # noqa: S101 - what a label overrides is a service's
    return service, AppError(message, origin=service.because(fragment.label).origin(), rule=rule)


def _taken(parts: Sequence[tuple[str, Fragment]], opens: Mapping[str, str], heads: Sequence[_Head]) -> list[Fault]:
    """The sections that labels opened by a name that somebody has already."""
    owners: dict[tuple[bool, str], list[tuple[str, Fragment]]] = {}
    for text, fragment in parts:
        if opens.get(fragment.template) and not fragment.overridden:
            for kind, name in _SECTION.findall(text):
                owners.setdefault((kind == "userlist", name), []).append((kind, fragment))
    faults = []
    for kind, name, fragment in heads:
        others = owners.setdefault((kind == "userlist", name), [])
        if any(_clash(kind, fragment, *other) for other in others):
            faults.append(_fault(fragment, f"opens '{kind} {name}', a name that is taken already", "name-taken"))
        else:
            others.append((kind, fragment))
    return faults


def _clash(kind: str, fragment: Fragment, other_kind: str, other: Fragment) -> bool:
    """Whether HAProxy refuses both; a frontend and a backend of one app are the app's own affair."""
    return (
        kind == other_kind
        or fragment.service is None
        or other.service is None
        or fragment.service.app != other.service.app
    )
