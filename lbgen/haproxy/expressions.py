r"""Expressions about whole lines of a message, as HAProxy's old words had them, turned into ones about a part of it.

The old ones saw `GET /path HTTP/1.1` or `Name: value`; those of today see the path, or the value of one header.
"""

from __future__ import annotations

import re

from lbgen.regex import regex

_PLAIN_NAME = r"[A-Za-z0-9_-]+"
# What stands for the method, or with it for everything up to the path, in expressions about the request line.
_METHOD = r"(?:\[\^(?: :|: | |:\\? )\]\*|\[\^\\s\]\*|\\S\*|\\S\+|\[\^ :\]\+|\[\^ \]\+|\.\*)"
_REQUEST_LINE = regex(rf"\^\({_METHOD}(?: (?P<inside>/[\w./-]*))?\)(?(inside)| )(?P<path>.*)", re.DOTALL)
_BLANK = r"(?: \*| |\[ \]\*|\\s\*|\[ \\t\]\*)"
_HEADER_LINE = regex(rf"\^(?P<name>{_PLAIN_NAME}):(?P<blank>{_BLANK}?)(?P<rest>.*)", re.DOTALL)
_KEPT_HEADER = regex(rf"\^\((?P<name>{_PLAIN_NAME}):{_BLANK}?\.\*\)\$?")
_NEW_HEADER = regex(rf"(?P<name>{_PLAIN_NAME}): ?(?P<rest>.*)", re.DOTALL)
# A path in an expression in which every character stands for itself, whatever HAProxy compares it with.
_LITERAL = regex(r"(?:[A-Za-z0-9/_~-]|\\[./])*")
# The same, or nearly: a path may stand in a blank of a template, and a dot for anything.
_NEAR_LITERAL = regex(r"(?:[A-Za-z0-9_~.-]|\\[./]|/\??|\{\w+\}|\((?:[A-Za-z0-9/_~|-]|\\[./])*\))*")
_TOKENS = regex(r"\\(?P<digit>\d)|\\(?P<other>.)|%", re.DOTALL)
# The action, the expression and the replacement, and whether they certainly do what the old ones did.
Rewritten = tuple[str, tuple[str, str], bool]


def path(pattern: str, text: str) -> Rewritten | None:
    """An expression about the request line up to somewhere in the path, with all the rest kept."""
    line = _REQUEST_LINE.fullmatch(pattern)
    if line is None or not text.startswith(r"\1"):
        return None
    before = line["inside"] or ""
    after = text.removeprefix(r"\1")
    if not before and not after.startswith(" "):
        return None
    replacement = _format(before + after.removeprefix("" if before else " "), -1)
    whole = before.replace(".", r"\.") + line["path"].replace("[/]?", "/?")
    kept = re.fullmatch(r"(?P<front>[/{].*)\(\.\*\)\$?", whole, re.DOTALL)
    if kept is None or replacement is None or not _NEAR_LITERAL.fullmatch(kept["front"]):
        return None
    groups = kept["front"].count("(") + 1
    # What is kept has to come last, and once: it holds the protocol as well, which no rule of today may touch.
    if not replacement.endswith(f"\\{groups}") or replacement.count(f"\\{groups}") != 1 or " " in replacement:
        return None
    certain = _LITERAL.fullmatch(re.sub(r"/\?|[()]", "", kept["front"])) is not None
    return "replace-path", (f"^{kept['front']}(.*)", replacement), certain and "{" not in replacement


def header(pattern: str, text: str) -> Rewritten | None:
    """An expression about a header, which keeps its name."""
    if kept := _KEPT_HEADER.fullmatch(pattern):
        text = re.sub(r"^\\1", lambda _: f"{kept['name']}: \\1", text)
        pattern = f"^{kept['name']}: (.*)"
    old, new = _HEADER_LINE.fullmatch(pattern), _NEW_HEADER.fullmatch(text)
    if old is None or new is None or old["name"].lower() != new["name"].lower() or not new["rest"].strip():
        return None
    if _has_choices(old["rest"]):
        return None
    replacement = _format(new["rest"].strip(), 0)
    if replacement is None or "  " in replacement:
        return None
    if not old["rest"]:
        return f"replace-header {old['name']}", (".*", replacement), "\\" not in replacement and "{" not in replacement
    # Without a blank behind the colon the expression met the header's own.
    certain = bool(old["blank"]) or old["rest"].startswith((".", "(.*"))
    return f"replace-header {old['name']}", (f"^{old['rest']}", replacement), certain and "{" not in replacement


def _has_choices(rest: str) -> bool:
    """Whether the expression is a choice of several, of which all but the first would be about any line."""
    depth = 0
    for sign in re.sub(r"\\.|\[[^\]]*\]", "", rest):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and depth <= 0:
            return True
    return False


def _format(text: str, shift: int) -> str | None:
    """A replacement as a log format, its groups renumbered; None where it names one that is gone."""
    bad = False

    def one(token: re.Match[str]) -> str:
        nonlocal bad
        if token["digit"]:
            bad |= int(token["digit"]) + shift < 0 or (shift != 0 and token["digit"] in "01")
            return f"\\{int(token['digit']) + shift}"
        if token["other"]:
            bad |= token["other"].isalnum()
            return {"\\": r"\\", "%": "%%"}.get(token["other"], token["other"])
        return "%%"

    made = _TOKENS.sub(one, text)
    return None if bad else made


def sample(pattern: str, side: str) -> tuple[str, str] | None:
    """What of a message the expression asks for, and the expression about that."""
    line = re.fullmatch(rf"\^\(?{_METHOD}\)? (?P<path>/.*)", pattern, re.DOTALL)
    if line is not None and side == "req":
        asked = line["path"].removesuffix(".*")
        return ("path", f"^{asked}") if _LITERAL.fullmatch(asked) else None
    about = _HEADER_LINE.fullmatch(pattern)
    if about is None or not about["rest"] or not about["blank"] or _has_choices(about["rest"]):
        return None
    return f"{side}.fhdr({about['name']})", f"^{about['rest']}"
