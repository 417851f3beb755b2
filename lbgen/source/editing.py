"""Edits of a JSON document that keep its formatting: members of objects are set and dropped, the rest stays."""

from __future__ import annotations

import json
import re
from dataclasses import field
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.origin import escape_pointer, unescape_pointer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.source.document import Document
    from lbgen.source.slip import Place


@dataclass(frozen=True, slots=True)
class Edit:
    """What happens to an object: members that it gets, in place of those of the same key, and keys that it loses."""

    members: Mapping[str, Any] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


class _Member(NamedTuple):
    key: str
    before: str
    text: str


def edited(document: Document, value: Any, edits: Mapping[str, Edit]) -> str:
    """The text of the JSON document with the objects at these pointers edited; `value` is what it was loaded as.

    An object that is missing or null is made where its parent is there. Of a key that stands twice the last counts,
    and what is edited has it once.
    """
    changes = [_change(document, value, pointer, edit) for pointer, edit in edits.items()]
    text = document.text
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _change(document: Document, value: Any, pointer: str, edit: Edit) -> tuple[int, int, str]:
    found = _at(value, pointer)
    if not isinstance(found, dict):
        parent, _, key = pointer.rpartition("/")
        return _change(document, value, parent, Edit({unescape_pointer(key): dict(edit.members)}))
    place = _place(document, pointer)
    members = [(key, _place(document, f"{pointer}/{escape_pointer(key)}")) for key in found]
    style = style_of(document.text, place, [inside for _, inside in members])
    written = _written(document.text, place, sorted(members, key=lambda it: it[1].of_key()[0]), edit)
    known = {member.key for member in written}
    for key, inside in edit.members.items():
        if key not in known:
            written.append(_Member(key, "", f"{_dumped(key)}{style.colon}{_dumped(inside)}"))
    if not written:
        return place.start, place.end, "{}"
    body = written[0].text + "".join((each.before or style.between) + each.text for each in written[1:])
    return place.start, place.end, f"{{{style.opening}{body}{style.closing}}}"


def _at(value: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        key = unescape_pointer(token)
        value = value[int(key)] if isinstance(value, list) else value.get(key) if isinstance(value, dict) else None
    return value


def _place(document: Document, pointer: str) -> Place:
    place = document.index.find([unescape_pointer(token) for token in pointer.split("/")[1:]])
    if place is None:
        msg = f"nothing is at {pointer}"
        raise KeyError(msg)
    return place


def _written(text: str, place: Place, members: Sequence[tuple[str, Place]], edit: Edit) -> list[_Member]:
    """The members that stay, as they are written, with new values where they get some."""
    made: list[_Member] = []
    end = place.start + 1
    for key, inside in members:
        before, start = text[end : inside.of_key()[0]], inside.of_key()[0]
        end = inside.end
        if key in edit.without and key not in edit.members:
            continue
        new = _dumped(edit.members[key]) if key in edit.members else text[inside.start : inside.end]
        # A separator holds nothing but a comma and blanks, unless a member of an equal key stood there.
        plain = before if re.fullmatch(r"\s*,\s*", before) else ""
        made.append(_Member(key, plain, text[start : inside.start] + new))
    return made


class Style(NamedTuple):
    """What stands before the first member of an object, between two, behind the last, and around a colon."""

    opening: str
    between: str
    closing: str
    colon: str


def style_of(text: str, place: Place, members: Sequence[Place]) -> Style:
    """The blanks around the members of the object, as its first and last ones have them."""
    if not members:
        return Style("", ", ", "", ": ")
    keys = sorted(members, key=lambda member: member.of_key()[0])
    opening = text[place.start + 1 : keys[0].of_key()[0]]
    colon = text[keys[-1].of_key()[1] : keys[-1].start]
    closing = text[keys[-1].end : place.end - 1]
    between = f",{opening}" if opening.strip() == "" and "\n" in opening else ", "
    blank = re.fullmatch(r"\s*", opening) is not None and re.fullmatch(r"\s*", closing) is not None
    return Style(opening if blank else "", between, closing if blank else "", colon)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
