r"""Lines that HAProxy has dropped, said in the words of today.

How the old words worked, as HAProxy 2.0 has them: `reqrep` and its kin match a whole line of the request, which is the
request line or a header with its name, and what they replace is the whole line; `i` in the name means that case does
not matter; a space is written `\ `. `reqadd` and `rspadd` append a header as it is written.
Headers of a check stood behind `HTTP/1.1\r\n`.

What takes their place matches the path or the value of a header alone, and its text is a log format: `%` is doubled
there. Where old and new cannot be shown to do the same there is nothing here. A rewriting is safe unless the order of
rules may matter: the old words were carried out behind all `http-request` lines, `block` in front of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lbgen.haproxy.expressions import header, path, sample
from lbgen.haproxy.words import quote_word
from lbgen.regex import regex

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


_HEADER = regex(r"(?P<name>[A-Za-z0-9!#$&'*+.^_`|~-]+):[ \t]*(?P<value>.*)")
_TEXT = regex(r"[^\0-\x08\x0a-\x1f\x7f]*")


def modern(words: Sequence[Word], context: Context) -> Modern | None:
    """The line that these words are, in today's words; None where nothing of today certainly does the same."""
    rewrite = _REWRITES.get(words[0].text if words else "")
    if rewrite is None or any(word.variables for word in words):
        return None
    if rewrite is not _REWRITES["option"] and not all(_TEXT.fullmatch(word.text) for word in words):
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
    added = _HEADER.fullmatch(words[1].text) if len(words) > 1 else None
    condition = _condition(words[2:])
    text = added["value"].strip() if added is not None else ""
    # A log format makes one blank of several.
    if added is None or condition is None or not text or "  " in text:
        return None
    value = quote_word(text.replace("%", "%%"))
    return Modern(
        f"{phase} add-header {added['name']} {value}{condition}",
        f"write '{phase} add-header'",
        # Headers were added behind all that the other old words did.
        _undisturbed(context, phase) and not context.behind & _CHANGES[phase],
    )


def _delete(words: Sequence[Word], context: Context) -> Modern | None:
    """`rspdel` and `reqdel`: headers whose whole name the expression tells."""
    phase = "http-response" if words[0].text.startswith("rsp") else "http-request"
    pattern = words[1].text if len(words) > 1 else ""
    name = re.fullmatch(r"\^([A-Za-z0-9_-]*[A-Za-z0-9_])(:|\[:\])?(?: |\\s)?(?:\*|\.\*)?\$?", pattern)
    condition = _condition(words[2:])
    if name is None or condition is None:
        return None
    # Without a colon every header went whose name begins like this.
    safe = bool(name[2]) and _undisturbed(context, phase)
    return Modern(f"{phase} del-header {name[1]}{condition}", f"write '{phase} del-header'", safe)


def _replace(words: Sequence[Word], context: Context) -> Modern | None:
    """`reqrep`, `reqirep`, `rsprep` and `rspirep`."""
    if len(words) < 3:
        return None
    old, pattern, text = words[0].text, words[1].text, words[2].text
    condition = _condition(words[3:])
    phase = "http-response" if old.startswith(("rsp", "srv")) else "http-request"
    made = path(pattern, text) if phase == "http-request" else None
    made = made or header(pattern, text)
    if made is None or condition is None:
        return None
    action, expression, certain = made
    if "i" in old[3:] and re.search(r"[A-Za-z]", expression[0]):
        expression = (f"(?i){expression[0]}", expression[1])
    line = f"{phase} {action} {quote_word(expression[0])} {quote_word(expression[1])}{condition}"
    return Modern(line, f"write '{phase} {action.split(' ')[0]}'", certain and _undisturbed(context, phase))


def _deny(words: Sequence[Word], context: Context) -> Modern | None:
    """`reqdeny`, `reqtarpit`, `reqallow`, `rspdeny`: an expression becomes a condition."""
    old = words[0].text
    response = old.startswith("rsp")
    action = re.sub(r"^(?:req|rsp)i?", "", old)
    asked = sample(words[1].text, "res" if response else "req") if len(words) > 1 else None
    rest = words[2:]
    if asked is None or (rest and (rest[0].text != "if" or len(rest) == 1)):
        return None
    of, pattern = asked
    flag = " -i" if re.match(r"(?:req|rsp)i", old) else ""
    opening, closing = ("{{", "}}") if context.formatted else ("{", "}")
    test = f"{opening} {of} -m reg{flag} {quote_word(pattern)} {closing}"
    terms = " ".join(f"{word.raw} {test}" if word.text in {"or", "||"} else word.raw for word in rest[1:])
    phase = "http-response" if response else "http-request"
    line = f"{phase} {action} if {test} {terms}".rstrip()
    return Modern(line, f"write '{phase} {action}'", safe=False)


def _block(words: Sequence[Word], context: Context) -> Modern | None:
    condition = _condition(words[1:])
    if not condition:
        return None
    first = not context.before & {"http-request", "reqadd", *_CHANGES["http-request"]}
    return Modern(f"http-request deny{condition}", "write 'http-request deny'", first)


def _check(words: Sequence[Word], context: Context) -> Modern | None:
    """`option httpchk METHOD URI VERSION`, with headers behind the version."""
    version, *headers = words[4].text.split("\r\n") if len(words) == 5 else [""]
    named = [_HEADER.fullmatch(line) for line in headers]
    if not headers or "http-check" in context.before | context.behind or not re.fullmatch(r"HTTP/\d\.\d", version):
        return None
    asked = f"meth {words[2].raw} uri {words[3].raw} ver {version}"
    for each in named:
        if each is None or not each["value"].strip() or "  " in each["value"].strip():
            return None
        asked += f" hdr {each['name']} {quote_word(each['value'].strip().replace('%', '%%'))}"
    return Modern(f"option httpchk\nhttp-check send {asked}", "write 'http-check send'", safe=True)


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
    **dict.fromkeys(("reqrep", "reqirep", "rsprep", "rspirep", "cliexp", "srvexp"), _replace),
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
        {
            "forceclose": _renamed("option forceclose", "option httpclose"),
            "http-tunnel": _dropped,
            "httpchk": _check,
        },
    ),
}
