"""Conditions of a pool that no request can meet, each by itself."""

from __future__ import annotations

from typing import NamedTuple

from lbgen.regex import regex

_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PORT = regex(r":\d+$")
_PORT_EXPRESSION = regex(r":\d+(\$?)$")
# What is plain text at the start of the path, and cannot be left out.
_NO_PATH = regex(r"\^[A-Za-z0-9_-](?![?*{])")


class Never(NamedTuple):
    """Why a condition never holds, and the text that was meant, if that is clear; `safe` as in `Fix`."""

    why: str
    meant: str | None = None
    safe: bool = False


def host(text: str, *, in_handshake: bool) -> Never | None:
    """Why no host equals the text; `in_handshake` where the name in the TLS handshake is compared."""
    if found := _SCHEME.match(text):
        rest = text[found.end() :].rstrip("/")
        return Never("has a scheme, and hosts come without", None if "/" in rest else rest, safe=True)
    if "/" in text:
        return Never("has a path, and hosts come without: pathBeg asks for paths")
    if not text.isascii():
        return Never("has letters that are not ASCII: requests name such hosts as xn--", _punycode(text), safe=True)
    if in_handshake and (found := _PORT.search(text)):
        return Never("has a port, and the name in the handshake comes without", text[: found.start()], safe=True)
    return None


def _punycode(text: str) -> str | None:
    try:
        return text.encode("idna").decode()
    except UnicodeError:
        return None


def host_expression(text: str, *, in_handshake: bool) -> Never | None:
    """Why no host meets the expression; `in_handshake` as above."""
    if "|" in text:
        return None
    if "://" in text:
        return Never("asks for a scheme, and hosts come without")
    if in_handshake and (found := _PORT_EXPRESSION.search(text)):
        return Never("asks for a port, and the name in the handshake comes without", text[: found.start()] + found[1])
    return None


def path(text: str) -> Never | None:
    """Why no path begins or ends with the text."""
    for sign, what in (("?", "a query"), ("#", "a fragment")):
        if sign in text:
            return Never(f"has {what}, and paths come without", text.partition(sign)[0])
    if "*" in text:
        plain = text.rstrip("*")
        return Never("has a star, which is compared as it stands", None if "*" in plain else plain)
    if " " in text or not text.isascii():
        return Never("has characters that come encoded, as in %20")
    return None


def path_expression(text: str) -> Never | None:
    """Why no path meets the expression."""
    never = _NO_PATH.match(text) and "|" not in text
    return Never('begins with something else than "/", as every path does', f"^/{text[1:]}") if never else None
