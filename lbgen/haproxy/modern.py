r"""Lines that HAProxy has dropped, said in the words of today.

How the old words worked, as HAProxy 2.0 has them: `reqrep` and its kin match a whole line of the request, which is the
request line or a header with its name, and what they replace is the whole line; `i` in the name means that case does
not matter; a space is written `\ `. `reqadd` and `rspadd` append a header as it is written.

What takes their place matches the path or the value of a header alone, and its text is a log format: `%` is doubled
there. Where old and new cannot be shown to do the same there is nothing here. A rewriting is safe unless the order of
rules may matter: the old words were carried out behind all `http-request` lines, `block` in front of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lbgen.haproxy.words import quote_word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lbgen.haproxy.words import Word


class Context(NamedTuple):
    """Where the line stands: the kind of its section, and the keywords of the lines in front of it and behind it.

    `formatted` tells that the text is a template in which braces are doubled.
    """

    section: str
    before: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    formatted: bool = False


class Modern(NamedTuple):
    """The line as it is written today; `safe` where it certainly does what the old one did."""

    text: str
    message: str
    safe: bool


_HEADER = re.compile(r"(?P<name>[A-Za-z0-9!#$&'*+.^_`|~-]+):[ \t]*(?P<value>.*)")
_PLAIN_NAME = r"[A-Za-z0-9_-]+"
# What stands for the method, or with it for everything up to the path, in expressions about the request line.
_METHOD = r"(?:\[\^(?: :|: | |:\\? )\]\*|\[\^\\s\]\*|\\S\*|\\S\+|\[\^ :\]\+|\[\^ \]\+|\.\*)"
_REQUEST_LINE = re.compile(rf"\^\({_METHOD}(?: (?P<inside>/[\w./-]*))?\)(?(inside)| )(?P<path>.*)", re.DOTALL)
_HEADER_LINE = re.compile(
    rf"\^(?P<name>{_PLAIN_NAME}):(?P<blank>(?: \*| |\[ \]\*|\\s\*|\[ \\t\]\*)?)(?P<rest>.*)", re.DOTALL
)
_NEW_HEADER = re.compile(rf"(?P<name>{_PLAIN_NAME}): ?(?P<rest>.*)", re.DOTALL)
# A path in an expression in which every character stands for itself, whatever HAProxy compares it with.
_LITERAL = re.compile(r"(?:[A-Za-z0-9/_~-]|\\[./])*")
# The same, or nearly: a path may stand in a blank of a template, and a dot for anything.
_NEAR_LITERAL = re.compile(r"(?:[A-Za-z0-9_~.-]|\\[./]|/\??|\{\w+\}|\((?:[A-Za-z0-9/_~|-]|\\[./])*\))*")
_TOKENS = re.compile(r"\\(?P<digit>\d)|\\(?P<other>.)|%", re.DOTALL)
_TEXT = re.compile(r"[^\0-\x08\x0a-\x1f\x7f]*")


def modern(words: Sequence[Word], context: Context) -> Modern | None:
    """The line that these words are, in today's words; None where nothing of today certainly does the same."""
    rewrite = _REWRITES.get(words[0].text if words else "")
    if rewrite is None or any(word.variables or not _TEXT.fullmatch(word.text) for word in words):
        return None
    return rewrite(words, context)


def _condition(words: Sequence[Word]) -> str | None:
    """The condition that these words are, with a blank in front; "" for none, None where they are something else."""
    if not words:
        return ""
    if words[0].text not in {"if", "unless"}:
        return None
    return " " + " ".join(word.raw for word in words)


_CHANGES = {
    phase: frozenset(f"{side}{letter}{what}" for letter in ("", "i") for what in ("del", "rep"))
    for side, phase in (("req", "http-request"), ("rsp", "http-response"))
}


def _undisturbed(context: Context, phase: str) -> bool:
    """Whether no rule behind the line is of the phase in which the new words stand."""
    return phase not in context.behind


def _add(words: Sequence[Word], context: Context) -> Modern | None:
    """`rspadd` and `reqadd`."""
    phase = "http-response" if words[0].text.startswith("rsp") else "http-request"
    header = _HEADER.fullmatch(words[1].text) if len(words) > 1 else None
    condition = _condition(words[2:])
    if header is None or condition is None or not header["value"].strip() or "  " in header["value"].strip():
        return None
    value = quote_word(header["value"].strip().replace("%", "%%"))
    return Modern(
        f"{phase} add-header {header['name']} {value}{condition}",
        f"write '{phase} add-header'",
        # Headers were added behind all that the other old words did.
        _undisturbed(context, phase) and not context.behind & _CHANGES[phase],
    )


def _delete(words: Sequence[Word], context: Context) -> Modern | None:
    """`rspdel` and `reqdel`: headers whose whole name the expression tells."""
    phase = "http-response" if words[0].text.startswith("rsp") else "http-request"
    pattern = words[1].text if len(words) > 1 else ""
    name = re.fullmatch(rf"\^({_PLAIN_NAME})(?::|\[:\])(?: |\\s)?(?:\*|\.\*)?\$?", pattern)
    condition = _condition(words[2:])
    if name is None or condition is None:
        return None
    return Modern(
        f"{phase} del-header {name[1]}{condition}", f"write '{phase} del-header'", _undisturbed(context, phase)
    )


def _replace(words: Sequence[Word], context: Context) -> Modern | None:
    """`reqrep`, `reqirep`, `rsprep` and `rspirep`."""
    if len(words) < 3:
        return None
    old, pattern, text = words[0].text, words[1].text, words[2].text
    condition = _condition(words[3:])
    phase = "http-response" if old.startswith("rsp") else "http-request"
    made = _path(pattern, text) if phase == "http-request" else None
    made = made or _header(pattern, text)
    if made is None or condition is None:
        return None
    action, expression, certain = made
    if "i" in old[3:] and re.search(r"[A-Za-z]", expression[0]):
        expression = (f"(?i){expression[0]}", expression[1])
    line = f"{phase} {action} {quote_word(expression[0])} {quote_word(expression[1])}{condition}"
    return Modern(line, f"write '{phase} {action.split(' ')[0]}'", certain and _undisturbed(context, phase))


_Made = tuple[str, tuple[str, str], bool]


def _path(pattern: str, text: str) -> _Made | None:
    """An expression about the request line up to somewhere in the path, with all the rest kept."""
    line = _REQUEST_LINE.fullmatch(pattern)
    if line is None or not text.startswith(r"\1"):
        return None
    before = line["inside"] or ""
    after = text.removeprefix(r"\1")
    if not before and not after.startswith(" "):
        return None
    replacement = _format(before + after.removeprefix("" if before else " "), -1)
    path = before.replace(".", r"\.") + line["path"].replace("[/]?", "/?")
    kept = re.fullmatch(r"(?P<front>[/{].*)\(\.\*\)\$?", path, re.DOTALL)
    if kept is None or replacement is None or not _NEAR_LITERAL.fullmatch(kept["front"]):
        return None
    groups = kept["front"].count("(") + 1
    # What is kept has to come last, and once: it holds the protocol as well, which no rule of today may touch.
    if not replacement.endswith(f"\\{groups}") or replacement.count(f"\\{groups}") != 1 or " " in replacement:
        return None
    certain = _LITERAL.fullmatch(re.sub(r"/\?|[()]", "", kept["front"])) is not None
    return "replace-path", (f"^{kept['front']}(.*)", replacement), certain and "{" not in replacement


def _header(pattern: str, text: str) -> _Made | None:
    """An expression about a header, which keeps its name."""
    old, new = _HEADER_LINE.fullmatch(pattern), _NEW_HEADER.fullmatch(text)
    if old is None or new is None or old["name"].lower() != new["name"].lower() or not new["rest"].strip():
        return None
    replacement = _format(new["rest"].strip(), 0)
    if replacement is None or "  " in replacement or not old["rest"]:
        return None
    # Without a blank behind the colon the expression met the header's own.
    certain = bool(old["blank"]) or old["rest"].startswith((".", "(.*"))
    return f"replace-header {old['name']}", (f"^{old['rest']}", replacement), certain and "{" not in replacement


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
            return token["other"]
        return "%%"

    made = _TOKENS.sub(one, text)
    return None if bad else made


def _deny(words: Sequence[Word], context: Context) -> Modern | None:
    """`reqdeny`, `reqtarpit`, `reqallow`, `rspdeny`: an expression becomes a condition."""
    old = words[0].text
    response = old.startswith("rsp")
    action = re.sub(r"^(?:req|rsp)i?", "", old)
    asked = _sample(words[1].text, "res" if response else "req") if len(words) > 1 else None
    rest = words[2:]
    if asked is None or (rest and (rest[0].text != "if" or len(rest) == 1)):
        return None
    sample, pattern = asked
    flag = " -i" if re.match(r"(?:req|rsp)i", old) else ""
    opening, closing = ("{{", "}}") if context.formatted else ("{", "}")
    test = f"{opening} {sample} -m reg{flag} {quote_word(pattern)} {closing}"
    terms = " ".join(f"{word.raw} {test}" if word.text in {"or", "||"} else word.raw for word in rest[1:])
    phase = "http-response" if response else "http-request"
    line = f"{phase} {action} if {test} {terms}".rstrip()
    return Modern(line, f"write '{phase} {action}'", safe=False)


def _sample(pattern: str, side: str) -> tuple[str, str] | None:
    """What of a message the expression asks for, and the expression about that."""
    line = re.fullmatch(rf"\^\(?{_METHOD}\)? (?P<path>/.*)", pattern, re.DOTALL)
    if line is not None and side == "req":
        path = line["path"].removesuffix(".*")
        return ("path", f"^{path}") if _LITERAL.fullmatch(path) else None
    header = _HEADER_LINE.fullmatch(pattern)
    if header is None or not header["rest"] or not header["blank"]:
        return None
    return f"{side}.fhdr({header['name']})", f"^{header['rest']}"


def _block(words: Sequence[Word], context: Context) -> Modern | None:
    condition = _condition(words[1:])
    if not condition:
        return None
    first = not context.before & {"http-request", "reqadd", *_CHANGES["http-request"]}
    return Modern(f"http-request deny{condition}", "write 'http-request deny'", first)


def _renamed(old: str, new: str) -> Callable[[Sequence[Word], Context], Modern | None]:
    """A rewriting that puts a new word in place of the old one, or of two."""
    taken = len(old.split(" "))

    def rewrite(words: Sequence[Word], context: Context) -> Modern:  # noqa: ARG001 - all rewritings are called alike
        rest = "".join(f" {word.raw}" for word in words[taken:])
        return Modern(f"{new}{rest}", f"write '{new}'", safe=True)

    return rewrite


def _of_two(
    first: str, rewrites: Mapping[str, Callable[[Sequence[Word], Context], Modern | None]]
) -> Callable[[Sequence[Word], Context], Modern | None]:
    """A rewriting that the second word chooses."""

    def rewrite(words: Sequence[Word], context: Context) -> Modern | None:
        chosen = rewrites.get(words[1].text) if len(words) > 1 and words[0].text == first else None
        return chosen(words, context) if chosen else None

    return rewrite


def _dropped(words: Sequence[Word], context: Context) -> Modern:  # noqa: ARG001 - all rewritings are called alike
    """A line that has nothing to say any more; it may have been about one process, or about none."""
    harmless = words[0].text in {"tune.chksize", "debug"} or [word.text for word in words] == ["nbproc", "1"]
    return Modern("", "drop the line", safe=harmless)


def _monitor_net(words: Sequence[Word], context: Context) -> Modern | None:
    if len(words) != 2 or context.section not in {"frontend", "listen"}:
        return None
    opening, closing = ("{{", "}}") if context.formatted else ("{", "}")
    line = f"http-request return status 200 if {opening} src {words[1].raw} {closing}"
    return Modern(line, "write 'http-request return'", safe=False)


_REWRITES: Mapping[str, Callable[[Sequence[Word], Context], Modern | None]] = {
    **dict.fromkeys(("rspadd", "reqadd"), _add),
    **dict.fromkeys(("rspdel", "rspidel", "reqdel", "reqidel"), _delete),
    **dict.fromkeys(("reqrep", "reqirep", "rsprep", "rspirep"), _replace),
    **dict.fromkeys(("reqdeny", "reqideny", "reqtarpit", "reqitarpit", "reqallow", "reqiallow"), _deny),
    **dict.fromkeys(("rspdeny", "rspideny"), _deny),
    **dict.fromkeys(("nbproc", "bind-process", "grace", "tune.chksize", "debug"), _dropped),
    "block": _block,
    "monitor-net": _monitor_net,
    "clitimeout": _renamed("clitimeout", "timeout client"),
    "contimeout": _renamed("contimeout", "timeout connect"),
    "srvtimeout": _renamed("srvtimeout", "timeout server"),
    "redisp": _renamed("redisp", "option redispatch"),
    "redispatch": _renamed("redispatch", "option redispatch"),
    "timeout": _of_two(
        "timeout",
        {
            "clitimeout": _renamed("timeout clitimeout", "timeout client"),
            "contimeout": _renamed("timeout contimeout", "timeout connect"),
            "srvtimeout": _renamed("timeout srvtimeout", "timeout server"),
        },
    ),
    "option": _of_two(
        "option",
        {"forceclose": _renamed("option forceclose", "option httpclose"), "http-tunnel": _dropped},
    ),
}
