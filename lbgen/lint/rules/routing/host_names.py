"""What is wrong with a text that should be a host name, and what it was probably meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.regex import regex

if TYPE_CHECKING:
    import re


class Slip(NamedTuple):
    """What is wrong; `meant` is the name in its place, None where nobody knows, and `safe` whether that is certain.

    `matches` tells that requests reach it all the same, in some cases.
    """

    message: str
    meant: str | None = None
    safe: bool = False
    matches: bool = False


_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_NAME = regex(rf"{_LABEL}(?:\.{_LABEL})*")
_URL = regex(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*):(?=//))?(?://)?(?:[^/@]*@)?(?P<host>[^/:@]*)(?::(?P<port>\d+))?(?P<path>/.*)?"
)
_USUAL_PORTS = frozenset({"80", "443"})
# Two standards write these in two ways.
_AMBIGUOUS = frozenset("ßςẞ\u200c\u200d")


def slip_in(host: str) -> Slip | None:
    """The first thing that is wrong with a host name without blanks around it; None where nothing is."""
    host = host.lower()
    if _NAME.fullmatch(host):
        return None
    if not host.isascii():
        return _punycode(host)
    if host.split() != [host]:
        return _with_blanks(host)
    parts = _URL.fullmatch(host)
    if parts is not None and (parts["scheme"] or "//" in host or parts["path"] or parts["port"]):
        return _of_url(host, parts)
    if host.endswith(".") and _NAME.fullmatch(host[:-1]):
        return Slip(f'"{host:.60}" ends in a dot, which no browser sends', host[:-1], safe=True)
    return Slip(f'"{host:.60}" is no host name')


def _of_url(host: str, parts: re.Match[str]) -> Slip:
    name = parts["host"].removesuffix(".")
    meant = name if _NAME.fullmatch(name) else None
    path = (parts["path"] or "").strip("/")
    if path:
        return Slip(f'"{host:.60}" holds a path: the rule never matches', meant)
    if parts["scheme"] or "//" in host:
        return Slip(f'"{host:.60}" holds a scheme: the rule never matches', meant, safe=True)
    if parts["path"]:
        return Slip(f'"{host:.60}" ends in a slash: the rule never matches', meant, safe=True)
    if parts["port"] in _USUAL_PORTS:
        return Slip(f'"{host:.60}" holds the usual port, which no browser sends', meant, safe=True)
    return Slip(f'"{host:.60}" holds a port: requests to another, and all on 443, do not match', meant, matches=True)


def _with_blanks(host: str) -> Slip:
    names = host.split()
    if not all(map(_NAME.fullmatch, names)):
        return Slip(f'"{host:.60}" is no host name')
    return Slip(f'"{host:.60}" holds a blank: names stand apart by commas', ",".join(names), matches=True)


def _punycode(host: str) -> Slip:
    message = f'"{host:.60}" holds characters that no browser sends: the rule never matches'
    try:
        meant = None if _AMBIGUOUS & set(host) else host.encode("idna").decode("ascii")
    except UnicodeError:
        meant = None
    return Slip(message, meant if meant and _NAME.fullmatch(meant) else None, safe=True)
