"""What a label may put in place of a template: text for its own place in the file, and for no other."""

from __future__ import annotations

from functools import lru_cache

from lbgen.haproxy.parse import SECTION_KEYWORDS
from lbgen.haproxy.words import read_line
from lbgen.model.blanks import TemplateFault
from lbgen.regex import regex

# Directives that HAProxy takes in `global` only; in a label they are a mistake, or somebody's try at the whole machine.
_GLOBAL = """
    ca-base chroot close-spread-time cluster-secret cpu-map cpu-policy cpu-set crt-base daemon default-path
    expose-deprecated-directives expose-experimental-directives external-check-wanted force-cfg-parser-pause gid
    h1-accept-payload-with-any-method h1-case-adjust h1-case-adjust-file hard-stop-after insecure-fork-wanted
    insecure-setuid-wanted issuers-chain-path key-base localpeer log-send-hostname lua-load lua-load-per-thread
    lua-prepend-path master-worker max-spread-checks maxcompcpuusage maxcomprate maxconnrate maxpipes maxsessrate
    maxsslconn maxsslrate maxzlibmem mworker-max-reloads nbproc nbthread no-memory-trimming noepoll noevports
    nogetaddrinfo nokqueue nopoll noreuseport nosplice numa-cpu-mapping ocsp-update.mode pidfile pp2-never-send-local
    prealloc-fd presetenv profiling.memory profiling.tasks resetenv server-state-base set-dumpable set-var set-var-fmt
    setcap setenv shm-stats-file spread-checks ssl-default-bind-ciphers ssl-default-bind-ciphersuites
    ssl-default-bind-client-sigalgs ssl-default-bind-curves ssl-default-bind-options ssl-default-bind-sigalgs
    ssl-default-server-ciphers ssl-default-server-ciphersuites ssl-default-server-client-sigalgs
    ssl-default-server-curves ssl-default-server-options ssl-default-server-sigalgs ssl-dh-param-file ssl-engine
    ssl-load-extra-del-ext ssl-load-extra-files ssl-mode-async ssl-propquery ssl-provider ssl-provider-path
    ssl-security-level ssl-server-verify ssl-skip-self-issued-ca strict-limits thread-group thread-groups
    thread-hard-limit uid ulimit-n unix-bind unsetenv wurfl-data-file zero-warning
"""
GLOBAL_ONLY = frozenset(_GLOBAL.split())
# Whole families of them.
_GLOBAL_PREFIXES = ("tune.", "httpclient.", "harden.", "ocsp-update.", "51degrees-", "deviceatlas-", "wurfl-")
CONDITIONALS = frozenset({".if", ".elif", ".else", ".endif", ".diag", ".notice", ".warning", ".alert"})
# Tabs and line feeds are how people lay out text; every other control character, and what is no character, is not.
NOT_TEXT = regex("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@lru_cache(maxsize=4096)
def check_override(text: str, opens: str, *, in_line: bool = False) -> None:
    """Raises TemplateFault where the text leaves its place: opens a section other than its own, or says global things.

    `opens` is the kind of section that the template's first line opens, or "". With `in_line` the text, without blanks
    around it, goes on with a line that has begun.
    """
    if found := NOT_TEXT.search(text):
        raise TemplateFault(f"holds the character U+{ord(found[0]):04X}", found.start(), found.end())
    start, first = 0, True
    begun = len(text) - len(text.lstrip()) if in_line else -1
    for line in text.split("\n"):
        if says_something(line) and not start <= begun <= start + len(line):
            problem = line_problem(line, opens if first else "")
            if problem:
                begin = start + len(line) - len(line.lstrip())
                raise TemplateFault(problem, begin, start + len(line.rstrip()))
            first = False
        start += len(line) + 1


def line_problem(line: str, opens: str = "") -> str | None:
    """Why a label may not write this line, or None where it may; `opens` is the kind of section that it may open."""
    word = _first_word(line)
    if word in {"no", "default"}:
        word = _first_word(line.replace(word, "", 1))
    return _problem(word, opens) or _leak(line)


# What HAProxy's own process knows, its environment above all, is not for every app to tell its clients.
ENVIRONMENT = regex(r"\benv\(")


def _leak(line: str) -> str | None:
    if '"' in line and "$" in line and any(word.variables for word in read_line(line).words):
        return "holds a variable, which stands for something of the load balancer's"
    if "env(" in line and ENVIRONMENT.search(line):
        return "asks for the load balancer's environment"
    return None


def says_something(line: str) -> bool:
    """Whether the line is more than blanks and a comment."""
    return bool(_first_word(line))


def _first_word(line: str) -> str:
    if '"' in line or "'" in line or "\\" in line:
        words = read_line(line).words
        if words:
            # What a variable stands for is not known here, and may be the name of a section.
            return words[0].text if not words[0].variables else "${}"
    plain = line.partition("#")[0].split(None, 1)
    return plain[0] if plain else ""


def _problem(word: str, opens: str) -> str | None:
    if word in SECTION_KEYWORDS:
        if word == opens:
            return None
        return (
            f"'{word}' would open a section of its own" if not opens else f"should begin with '{opens}', not '{word}'"
        )
    if belongs_to_global(word):
        return f"'{word}' belongs into the global section, which is the operator's"
    if word in CONDITIONALS:
        return f"'{word}' would decide about lines that are not the label's own"
    if word == "${}":
        return "begins with a variable, which may stand for anything"
    return None


def belongs_to_global(word: str) -> bool:
    """Whether HAProxy takes a directive of this name in its `global` section only."""
    return word in GLOBAL_ONLY or word.startswith(_GLOBAL_PREFIXES)


def opens_section(text: str, kind: str) -> bool:
    """Whether the first line of the text that says anything opens a section of this kind."""
    for line in text.split("\n"):
        if word := _first_word(line):
            return word == kind
    return False
