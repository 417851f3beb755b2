"""A label that replaces a template holds a directive that is the operator's alone.

## What it does

Looks in labels for directives that load code or run programs (`lua-load`, `external-check`, `insecure-fork-wanted`),
open HAProxy's control socket (`stats socket`), let visitors switch servers off (`stats admin`), change the maps that
all apps are routed by, decide about the lines of others (`.if`), or belong into the `global` section.

## Why is this bad?

Whoever may write an app runs code as HAProxy, or controls the load balancer. lbgen leaves an app out that holds what
belongs into the `global` section, unless its operator says `--unsafe-templates`.

## Use instead

The operator's own head, `HAPROXY_HEAD`, for what all of the load balancer should do.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from lbgen.haproxy.parse import SECTION_KEYWORDS
from lbgen.lint.rule import Problem
from lbgen.lint.template_lines import said_lines
from lbgen.marathon.limits import MOST_LINES_TOLD
from lbgen.render.override import CONDITIONALS, belongs_to_global

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.lint.subjects import App

_CODE = "runs code in the load balancer"
_PROGRAMS = "runs programs on the load balancer's machine"
_SOCKET = "opens the control socket of the load balancer"
_PROCESS = "changes whom the load balancer runs as"
_BY_WORD = {
    "lua-load": _CODE,
    "lua-load-per-thread": _CODE,
    "lua-prepend-path": _CODE,
    "insecure-fork-wanted": _PROGRAMS,
    "insecure-setuid-wanted": _PROGRAMS,
    "external-check": _PROGRAMS,
    "external-check-wanted": _PROGRAMS,
    "user": _PROCESS,
    "group": _PROCESS,
    "uid": _PROCESS,
    "gid": _PROCESS,
    "chroot": _PROCESS,
}
_BY_WORDS = {
    ("option", "external-check"): _PROGRAMS,
    ("stats", "socket"): _SOCKET,
    ("stats", "admin"): "lets visitors of the statistics change servers",
}
_OF_USERLISTS = frozenset({"user", "group"})
_MAP_ACTIONS = ("set-map(", "add-map(", "del-map(", "add-acl(", "del-acl(")


def check(app: App) -> Iterator[Problem]:
    """Every line with such a directive, the first ones of many."""
    return islice(_found(app), MOST_LINES_TOLD)


def _found(app: App) -> Iterator[Problem]:
    section = ""
    for line in said_lines(app):
        words = [word.text for word in line.words if word.text not in {"no", "default"}]
        if line.first:
            section = line.override.row.opens
            if line.override.row.in_line:
                continue
        if words and words[0] in SECTION_KEYWORDS:
            section = words[0]
        if words and (danger := _danger(words, section)):
            told = words[0] if words[0] in _BY_WORD or len(words) < 2 else f"{words[0]} {words[1].partition('(')[0]}"
            help_ = "take it out: it is the operator's to say"
            yield Problem(f"'{told:.60}' {danger}", line.origin, help_, severity=line.severity)


def _danger(words: list[str], section: str) -> str:
    word = words[0]
    if section == "userlist" and word in _OF_USERLISTS:
        return ""
    if danger := _BY_WORD.get(word) or _BY_WORDS.get((word, words[1] if len(words) > 1 else "")):
        return danger
    if belongs_to_global(word):
        return "belongs into the global section, which is the operator's"
    if word in CONDITIONALS:
        return "decides about lines that are not the label's own"
    if any(each.startswith(_MAP_ACTIONS) and "2backend.map" in each for each in words):
        return "changes the map that all apps are routed by"
    return ""
