"""What a label may put in place of a template: text for its own place in the file, and for no other."""

from __future__ import annotations

import re
from functools import lru_cache

from lbgen.haproxy.parse import SECTION_KEYWORDS
from lbgen.haproxy.words import read_line
from lbgen.model.blanks import TemplateFault

# Directives that HAProxy takes in `global` only; in a label they are a mistake, or somebody's try at the whole machine.
_GLOBAL_WORDS = """
    ca-base chroot cluster-secret cpu-map cpu-policy crt-base daemon default-bind-options default-path
    expose-deprecated-directives expose-experimental-directives external-check-wanted gid h1-case-adjust
    h1-case-adjust-file hard-stop-after insecure-fork-wanted insecure-setuid-wanted issuers-chain-path
    load-extra-files localpeer lua- lua-load lua-load-per-thread master-worker max-spread-checks maxconnrate
    mworker-max-reloads nbproc nbthread node noepoll nokqueue nopoll nosplice numa-cpu-mapping pidfile prepend-path
    presetenv profiling.tasks resetenv server- server-state-base set-dumpable setcap setenv spread-checks ssl-
    ssl-default-bind-ciphers ssl-default-bind-ciphersuites ssl-default-server-ciphers ssl-default-server-options
    ssl-dh-param-file ssl-engine ssl-mode-async ssl-server-verify state-file strict-limits thread-groups
    thread-hard-limit uid ulimit-n unix-bind unsetenv
"""
GLOBAL_ONLY = frozenset(_GLOBAL_WORDS.split())
_CONDITIONALS = frozenset({".if", ".elif", ".else", ".endif", ".diag", ".notice", ".warning", ".alert"})
# Tabs and line feeds are how people lay out text; every other control character, and what is no character, is not.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@lru_cache(maxsize=4096)
def check_override(text: str, opens: str) -> None:
    """Raises TemplateFault where the text leaves its place: opens a section other than its own, or says global things.

    `opens` is the kind of section that the template's first line opens, or "".
    """
    if found := _NOT_TEXT.search(text):
        raise TemplateFault(f"holds the character U+{ord(found[0]):04X}", found.start(), found.end())
    start, first = 0, True
    for line in text.split("\n"):
        word = _first_word(line)
        if word:
            problem = _problem(word, opens if first else "")
            if problem:
                begin = start + len(line) - len(line.lstrip())
                raise TemplateFault(problem, begin, start + len(line.rstrip()))
            first = False
        start += len(line) + 1


def _first_word(line: str) -> str:
    words = read_line(line).words if ('"' in line or "'" in line or "\\" in line) else ()
    if words:
        return words[0].text
    plain = line.partition("#")[0].split(None, 1)
    return plain[0] if plain else ""


def _problem(word: str, opens: str) -> str | None:
    if word in SECTION_KEYWORDS:
        if word == opens:
            return None
        return (
            f"'{word}' would open a section of its own" if not opens else f"should begin with '{opens}', not '{word}'"
        )
    if word in GLOBAL_ONLY:
        return f"'{word}' belongs into the global section, which is the operator's"
    if word in _CONDITIONALS:
        return f"'{word}' would decide about lines that are not the label's own"
    return None


def opens_section(text: str, kind: str) -> bool:
    """Whether the first line of the text that says anything opens a section of this kind."""
    for line in text.split("\n"):
        if word := _first_word(line):
            return word == kind
    return False
