"""Texts of a pool that end up in haproxy.cfg: what each may hold so that it stays where it is put."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from lbgen.edgelb.said import Said
from lbgen.haproxy.words import plain_value_problem, read_line
from lbgen.model.blanks import TemplateFault
from lbgen.regex import regex
from lbgen.render.override import check_override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME = regex(r"[A-Za-z0-9:_.-]+")
"""What HAProxy takes for the name of a section."""
_HOST = regex(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?")
_CONTROL = regex("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAK = regex("[\n\r\x85\u2028\u2029]")
_PLACEHOLDER = regex(r"\{\{.*\}\}|<.*>")


def is_host(text: str) -> bool:
    """Whether the text is a host name or an IP address."""
    return bool(_HOST.fullmatch(text)) or is_address(text)


def is_address(text: str) -> bool:
    """Whether the text is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def hint(text: str) -> str:
    """What to say to somebody who left a placeholder of the documentation in."""
    return "this is a placeholder: put the real value in its place" if _PLACEHOLDER.search(text) else ""


def word_problem(text: str) -> str | None:
    """Why a text cannot be one word of a line; None where it can."""
    if found := plain_value_problem(text, quoted=False):
        return f"holds {found}"
    if text in {"{", "}"}:
        return "is a brace, which ends a condition"
    return "holds a blank" if re.search(r"\s", text) else None


def pattern_problem(text: str) -> str | None:
    """Why a text, which is quoted where need be, cannot be one word; None where it can."""
    if _BREAK.search(text):
        return "holds a line break"
    if _CONTROL.search(text) or "\t" in text:
        return "holds a control character"
    return "is a brace, which ends a condition" if text in {"{", "}"} else None


def words_problem(text: str) -> str | None:
    """Why a text cannot be some words in the middle of a line; None where it can."""
    found = plain_value_problem(text, quoted=False)
    return f"holds {found}" if found else None


def tail_problem(text: str) -> str | None:
    """Why a text cannot be the rest of a line; None where it can."""
    if _BREAK.search(text):
        return "holds a line break; it is part of one line"
    if _CONTROL.search(text):
        return "holds a control character"
    error = read_line(text).error
    return f"cannot be read by HAProxy: {error.reason}" if error else None


def line_problem(text: str) -> str | None:
    """Why a text cannot be a line of its section; None where it can."""
    if _BREAK.search(text):
        return "holds a line break; it is one line"
    if problem := tail_problem(text):
        return problem
    try:
        check_override(text, "")
    except TemplateFault as fault:
        return str(fault)
    return None


def judged(pointer: str, text: str, judge: Callable[[str], str | None]) -> Iterator[Said]:
    """The fault of the text at the pointer, if it has one; an empty text has none."""
    problem = judge(text) if text else None
    if problem:
        key = next(token for token in reversed(pointer.split("/")) if not token.isdecimal())
        yield Said("bad-pool-value", pointer, f'"{key}" {problem}', hint(text))
