"""Which expression finds a path or a Location, and what takes its place."""

from __future__ import annotations

from typing import NamedTuple

from lbgen.edgelb.spelling import format_of, in_quotes, literal, spelled

_ROOT = ("", "/")
_HOST = "(?:https?://[^/]+)?"


class Replacement(NamedTuple):
    """What is looked for and what takes its place, spelled as the line has them."""

    pattern: str
    path: str


def request_path(source: str, target: str, *, portable: bool) -> Replacement:
    """How the path of a request is rewritten: the beginning goes, and a slash stays in front of the rest."""
    to_root = target in _ROOT
    slash = "/?" if to_root and not source.endswith("/") else ""
    if not portable:
        return Replacement(in_quotes(source) + slash, "/" if to_root else in_quotes(target))
    if to_root:
        return _spelled(f"^{literal(source)}{slash}(.*)$", r"/\1")
    return _spelled(f"^{literal(source)}(.*)$", rf"{format_of(target)}\1")


def location(source: str, target: str, *, portable: bool) -> Replacement:
    """How the Location of a response is rewritten, which is the way back."""
    if not portable:
        return Replacement(in_quotes(target), in_quotes(source))
    if target in _ROOT:
        return _spelled(f"^{_HOST}/(.*)$", rf"{format_of(source.rstrip('/'))}/\1")
    if not source:
        return _spelled(f"^{_HOST}{literal(target)}/?(.*)$", r"/\1")
    return _spelled(f"^{_HOST}{literal(target)}(.*)$", rf"{format_of(source)}\1")


def _spelled(pattern: str, path: str) -> Replacement:
    return Replacement(spelled(pattern), spelled(path))
