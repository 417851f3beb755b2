"""The shape of a kind of object: which of its members are objects or lists of objects, and of what kind."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_origin, get_type_hints, is_typeddict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Member(NamedTuple):
    """A member of an object: `kind` is that of the object in it, or of the objects in its list; None for neither."""

    kind: Any = None
    listed: bool = False


@cache
def members(kind: Any) -> Mapping[str, Member]:
    """The members of a kind, by key."""
    return {key: _member(hint) for key, hint in get_type_hints(kind).items()}


def _member(hint: Any) -> Member:
    plain = next(part for part in get_args(hint) or (hint,) if part is not type(None))
    if is_typeddict(plain):
        return Member(plain)
    inner = get_args(plain)[0] if get_origin(plain) is list else None
    return Member(inner, listed=True) if is_typeddict(inner) else Member()


class Visited(NamedTuple):
    """An object of a document, its kind, and the pointer to it."""

    kind: Any
    value: Mapping[str, Any]
    pointer: str


def objects(kind: Any, value: Any, pointer: str) -> Iterator[Visited]:
    """The object and all that are in it and known, in the order of the text; what is none is passed over."""
    if not isinstance(value, dict):
        return
    yield Visited(kind, value, pointer)
    for key, member in members(kind).items():
        inside = value.get(key)
        if member.kind is None:
            continue
        if not member.listed:
            yield from objects(member.kind, inside, f"{pointer}/{key}")
        elif isinstance(inside, list):
            for index, item in enumerate(inside):
                yield from objects(member.kind, item, f"{pointer}/{key}/{index}")
