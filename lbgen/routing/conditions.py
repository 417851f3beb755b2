"""ACLs and conditions: `acl` lines, `if .. or ..` and `unless`, named and between braces."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.routing.expressions import Expression, expression
from lbgen.routing.matching import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.haproxy.words import Word

# What an ACL compares with where nothing else is said, by the name of its fetch or of its last converter.
_DEFAULTS = {
    **dict.fromkeys(("src", "dst", "hdr_ip", "req.hdr_ip"), "ip"),
    **dict.fromkeys(
        ("ssl_fc", "ssl_fc_has_sni", "always_true", "always_false", "http_auth", "bool", "not", "and", "or"), "bool"
    ),
    **dict.fromkeys(
        (
            "dst_port",
            "src_port",
            "int",
            "hdr_cnt",
            "req.hdr_cnt",
            "req.fhdr_cnt",
            "hdr_val",
            "req.hdr_val",
            "length",
            "req.ssl_hello_type",
            "req_ssl_hello_type",
            "nbsrv",
            "connslots",
            "be_conn",
            "fe_conn",
            "port_only",
        ),
        "int",
    ),
}
_SUFFIXES = ("beg", "end", "sub", "reg", "dir", "dom", "len")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One `acl` line, or what stands between braces: an expression, compared by `method` with `patterns`.

    `files` are paths of further patterns. `problem` says why it cannot be judged, if it cannot.
    """

    expression: Expression
    method: str
    patterns: tuple[str, ...] = ()
    ignore_case: bool = False
    files: tuple[str, ...] = ()
    problem: str = ""
    line: int = 0

    def __str__(self) -> str:
        shown = " ".join(("-i",) * self.ignore_case + self.patterns[:3] + ("..",) * (len(self.patterns) > 3))
        return f"{self.expression.text} {shown}".strip()


class Term(NamedTuple):
    """A part of a condition: a named ACL, or tests between braces; `negated` with an exclamation mark."""

    name: str
    tests: tuple[Comparison, ...]
    negated: bool

    def __str__(self) -> str:
        return f"{'!' * self.negated}{self.name or f'{{ {self.tests[0]} }}'}"


class Condition(NamedTuple):
    """Cases of which one must hold, each with terms that all must; with `unless` the other way round."""

    cases: tuple[tuple[Term, ...], ...]
    unless: bool = False


BUILT_IN = {
    "TRUE": ("always_true",),
    "FALSE": ("always_false",),
    "LOCALHOST": ("src", "127.0.0.1/8", "::1"),
    "METH_CONNECT": ("method", "CONNECT"),
    "METH_DELETE": ("method", "DELETE"),
    "METH_GET": ("method", "GET", "HEAD"),
    "METH_HEAD": ("method", "HEAD"),
    "METH_OPTIONS": ("method", "OPTIONS"),
    "METH_POST": ("method", "POST"),
    "METH_PUT": ("method", "PUT"),
    "METH_TRACE": ("method", "TRACE"),
    "HTTP": ("always_true",),
    "HTTP_1.1": ("always_true",),
    "HTTP_URL_SLASH": ("url_beg", "/"),
    "HTTP_URL_ABS": ("url_reg", "^[^/:]*://"),
    "HTTP_URL_STAR": ("url", "*"),
    "WAIT_END": ("always_true",),
}
"""ACLs that HAProxy has by itself."""


def comparison(words: Sequence[str], line: int = 0, *, unsettled: str = "") -> Comparison:
    """The test that these words say: an expression, flags, patterns. `unsettled` says why it cannot be judged."""
    text = words[0] if words else ""
    parsed, method = _with_method(expression(text))
    found = _Flags(method)
    rest = found.read(words[1:])
    problem = unsettled or parsed.problem or found.problem
    return Comparison(parsed, found.method, tuple(rest), found.ignore_case, tuple(found.files), problem, line)


def _with_method(parsed: Expression) -> tuple[Expression, str]:
    """The expression, and what it is compared by unless flags say otherwise: `path_beg` is `path` by beginnings."""
    call = parsed.fetch
    base, _, suffix = call.name.rpartition("_")
    if suffix in _SUFFIXES and base:
        return Expression(parsed.text, call._replace(name=base), parsed.converters, parsed.problem), suffix
    last = parsed.converters[-1].name if parsed.converters else call.name
    if last.startswith("map") and last.endswith("_int"):
        return parsed, "int"
    return parsed, _DEFAULTS.get(last, "str")


class _Flags:
    """The flags of a test."""

    def __init__(self, method: str) -> None:
        self.method = method
        self.ignore_case = False
        self.files: list[str] = []
        self.problem = ""

    def read(self, words: Sequence[str]) -> Sequence[str]:
        """Takes the flags, and returns the patterns behind them."""
        at = 0
        while at < len(words) and words[at].startswith("-") and len(words[at]) > 1:
            flag = words[at]
            at += 1
            if flag == "--":
                break
            if flag in {"-f", "-m", "-u"}:
                self._with_value(flag, words[at] if at < len(words) else "")
                at += 1
            elif flag == "-i":
                self.ignore_case = True
            elif flag == "-M":
                self.problem = "patterns in a map file"
            elif flag != "-n":
                # It is no flag, but a pattern that begins with a dash.
                at -= 1
                break
        return words[at:]

    def _with_value(self, flag: str, value: str) -> None:
        if flag == "-f":
            self.files.append(value)
        elif flag == "-m":
            self.method = value
            if value not in METHODS:
                self.problem = f'how "-m {value:.20}" compares'


def condition(words: Sequence[Word], line: int, *, unless: bool) -> Condition:
    """The condition that stands behind `if` or `unless`."""
    cases: list[tuple[Term, ...]] = []
    terms: list[Term] = []
    for term in _terms(words, line):
        if term is None:
            cases.append(tuple(terms))
            terms = []
        else:
            terms.append(term)
    return Condition((*cases, tuple(terms)), unless)


def _terms(words: Sequence[Word], line: int) -> Iterator[Term | None]:
    """The terms, and None for each `or`."""
    at, negated = 0, False
    while at < len(words):
        text = words[at].text
        at += 1
        if text in {"or", "||"}:
            negated = False
            yield None
            continue
        while text.startswith("!"):
            text, negated = text[1:], not negated
        if not text:
            continue
        if text == "{":
            end = next((index for index in range(at, len(words)) if words[index].text == "}"), len(words))
            yield Term("", (_anonymous(words[at:end], line),), negated)
            at = end + 1
        else:
            yield Term(text, (), negated)
        negated = False


def _anonymous(words: Sequence[Word], line: int) -> Comparison:
    return comparison([word.text for word in words], line, unsettled=variables(words))


def variables(words: Sequence[Word]) -> str:
    """Which environment variable the words depend on, in a few words, or ""."""
    found = next((variable.name for word in words for variable in word.variables), "")
    return f"the environment variable {found}" if found else ""
