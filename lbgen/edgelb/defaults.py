"""Filling in what a pool leaves unsaid: each object by itself, so that a part of an object keeps the rest of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb.schema import DEFAULTS, FILLED, NULL_IS_FALSE
from lbgen.edgelb.shapes import members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.edgelb.shapes import Member


def filled(kind: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    """The object with its defaults; keys that Edge-LB does not know are dropped.

    Absent, `{}`, a part and null are four things: an object of a default is there unless it is null, one without is
    there only where it is written, and null is no value at all.
    """
    made: dict[str, Any] = {}
    defaults = DEFAULTS.get(kind, {})
    for key, member in members(kind).items():
        default = defaults.get(key)
        if key not in value:
            made |= {} if default is None else {key: _fresh(member, default)}
        elif value[key] is not None:
            made[key] = _given(member, value[key])
        elif kind in NULL_IS_FALSE and isinstance(default, bool):
            made[key] = False
        elif member.kind is None and default is not None:
            made[key] = _fresh(member, default)
    return made


def _fresh(member: Member, default: Any) -> Any:
    if default is FILLED:
        return filled(member.kind, {})
    return list(default) if isinstance(default, list) else default


def _given(member: Member, value: Any) -> Any:
    if member.kind is None:
        return value
    return [filled(member.kind, item) for item in value] if member.listed else filled(member.kind, value)
