"""Values that know where they come from: a JSON value is built of them, and every part of it leads back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.origin import escape_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lbgen.finding import Finding
    from lbgen.origin import Origin


class From(NamedTuple):
    """A value, of which parts may be traced in turn, and where it comes from."""

    value: Any
    origin: Origin


def untraced(value: Any) -> tuple[Any, dict[str, Origin]]:
    """The plain value, and origins by JSON pointer into it."""
    origins: dict[str, Origin] = {}
    return _plain(value, "", origins), origins


def _plain(value: Any, pointer: str, origins: dict[str, Origin]) -> Any:
    if isinstance(value, From):
        origins[pointer] = value.origin
        return _plain(value.value, pointer, origins)
    if isinstance(value, dict):
        return {key: _plain(inside, f"{pointer}/{escape_pointer(key)}", origins) for key, inside in value.items()}
    if isinstance(value, list):
        return [_plain(inside, f"{pointer}/{index}", origins) for index, inside in enumerate(value)]
    return value


def origin_at(pointer: str, origins: Mapping[str, Origin]) -> Origin | None:
    """Where the value at the pointer comes from, or the nearest one around it."""
    while pointer not in origins and pointer:
        pointer = pointer.rpartition("/")[0]
    return origins.get(pointer)


def at_origins(found: Iterable[Finding], origins: Mapping[str, Mapping[str, Origin]]) -> Iterator[Finding]:
    """The findings, of values that were made of something else said of that; `origins` by document and pointer."""
    for finding in found:
        made = origins.get(finding.origin.document) if finding.origin is not None else None
        origin = origin_at(finding.origin.pointer, made) if made and finding.origin is not None else None
        yield replace(finding, origin=origin) if origin is not None else finding
