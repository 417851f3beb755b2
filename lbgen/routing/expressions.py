"""Sample expressions, such as `req.hdr(host),lower,map(/etc/haproxy/hosts.map)`, cut into their parts."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from lbgen.dataclass import dataclass
from lbgen.regex import regex


class Call(NamedTuple):
    """A fetch or a converter, with its arguments."""

    name: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A fetch and the converters behind it; `problem` says why it is none, if it is none."""

    text: str
    fetch: Call
    converters: tuple[Call, ...] = ()
    problem: str = ""


_NAME = regex(r"[A-Za-z0-9_.-]+")
_PLAIN = regex(r"""[^,)"'\\]+""")


@lru_cache(maxsize=4096)
def expression(text: str) -> Expression:
    """The parts of an expression; what cannot be read is kept, with a problem."""
    calls: list[Call] = []
    at = 0
    while True:
        call, at = _call(text, at)
        if call is None:
            return Expression(text, Call(text), problem=f'"{text:.60}" cannot be read')
        calls.append(call)
        if at == len(text):
            return Expression(text, calls[0], tuple(calls[1:]))
        if text[at] != ",":
            return Expression(text, Call(text), problem=f'"{text:.60}" cannot be read')
        at += 1


def _call(text: str, at: int) -> tuple[Call | None, int]:
    """The fetch or converter at this place, and the place behind it."""
    name = _NAME.match(text, at)
    if name is None:
        return None, at
    if not text.startswith("(", name.end()):
        return Call(name[0]), name.end()
    args, end = _arguments(text, name.end() + 1)
    return (None, at) if end < 0 else (Call(name[0], args), end)


def _arguments(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """Arguments up to the closing parenthesis, and the place behind it; -1 where there is none."""
    args: list[str] = []
    current, quote = "", ""
    while at < len(text):
        sign = text[at]
        if sign == "\\" and quote != "'" and at + 1 < len(text):
            # Only what would mean something without the backslash loses it.
            current += text[at + 1] if text[at + 1] in "\\,()\"' " else text[at : at + 2]
            at += 2
            continue
        if quote:
            current, quote = (current, "") if sign == quote else (current + sign, quote)
        elif sign in "\"'":
            quote = sign
        elif sign == ")":
            return ((*args, current) if args or current else ()), at + 1
        elif sign == ",":
            args.append(current)
            current = ""
        else:
            plain = _PLAIN.match(text, at)
            current += plain[0] if plain else sign
            at = plain.end() - 1 if plain else at
        at += 1
    return (), -1
