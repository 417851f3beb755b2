"""Conditions at the end of rules, and the ACLs that they ask."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.haproxy.words import read_line
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.haproxy.parse import Directive, Section
    from lbgen.haproxy.words import Word

# ACLs that HAProxy brings.
PREDEFINED = frozenset(
    {
        *("FALSE", "TRUE", "HTTP", "HTTP_1.0", "HTTP_1.1", "HTTP_2.0", "HTTP_3.0", "HTTP_CONTENT", "HTTP_URL_ABS"),
        *("HTTP_URL_SLASH", "HTTP_URL_STAR", "LOCALHOST", "METH_CONNECT", "METH_DELETE", "METH_GET", "METH_HEAD"),
        *("METH_OPTIONS", "METH_PATCH", "METH_POST", "METH_PUT", "METH_TRACE", "RDP_COOKIE", "REQ_CONTENT", "WAIT_END"),
    }
)
_CONDITIONAL = frozenset(
    {
        *("http-request", "http-response", "http-after-response", "tcp-request", "tcp-response", "use_backend"),
        *("redirect", "use-server", "stick", "force-persist", "ignore-persist", "monitor", "stats", "block"),
        *("reqadd", "rspadd", "reqdel", "reqidel", "rspdel", "rspidel", "reqrep", "reqirep", "rsprep", "rspirep"),
        *("reqdeny", "reqideny", "reqallow", "reqiallow", "rspdeny", "rspideny", "reqpass", "reqipass", "quic-initial"),
        *("ssl-f-use", "pass-header", "reqtarpit", "reqitarpit", "set-param"),
    }
)
# Doubled ones are a template's that was pasted as it is, which is somebody else's to tell.
_OPENING, _CLOSING = frozenset({"{", "{{"}), frozenset({"}", "}}"})
_OPERATORS = frozenset({"or", "||", "!", "and", "&&"})


_SAMPLE = regex(r"\bacl\(([^)]*)\)")
_NAME = regex(r"[A-Za-z0-9_.:-]+")


class Asked(NamedTuple):
    """An ACL that a condition asks by its name, and the word that names it."""

    name: str
    word: Word


def condition_at(directive: Directive) -> int | None:
    """The index of `if` or `unless` among the words of the line, None where it has no condition."""
    if directive.keyword not in _CONDITIONAL:
        return None
    words = read_line(directive.raw).words
    return next((at for at, word in enumerate(words) if at and word.raw in {"if", "unless"}), None)


def asked(directive: Directive) -> Iterator[Asked]:
    """The named ACLs that the condition of the line asks; those in braces have no names."""
    start = condition_at(directive)
    if start is None:
        return
    inside = False
    for word in read_line(directive.raw).words[start + 1 :]:
        if word.text.lstrip("!") in _OPENING:
            inside = True
        elif word.text in _CLOSING:
            inside = False
        elif not inside and word.text not in _OPERATORS and not word.variables:
            yield Asked(word.text.lstrip("!"), word)


@dataclass(slots=True)
class Acls:
    """The ACLs of a section: those that it asks and does not have, and those that it has and never asks."""

    missing: list[tuple[Directive, Asked]] = field(default_factory=list)
    unused: dict[str, Directive] = field(default_factory=dict)

    @classmethod
    def of(cls, section: Section) -> Acls:
        """The ACLs of this section."""
        found, used = cls(), set[str]()
        for directive in section.named("acl"):
            if directive.values and not directive.args[0].variables:
                found.unused.setdefault(directive.values[0], directive)
        for directive in section.directives:
            used.update(_in_samples(directive))
            for each in asked(directive):
                used.add(each.name)
                if each.name not in found.unused and each.name not in PREDEFINED and _NAME.fullmatch(each.name):
                    found.missing.append((directive, each))
        for name in used:
            found.unused.pop(name, None)
        return found


def _in_samples(directive: Directive) -> Iterator[str]:
    """The ACLs that samples ask, as in `acl(one,!two)`."""
    if "acl(" in directive.raw:
        for names in _SAMPLE.findall(directive.raw):
            yield from (name.strip(" !") for name in names.split(","))
