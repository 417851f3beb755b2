"""Rules as the requests that they take: a host, a beginning of paths, and whatever else they ask for."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from lbgen.regex import regex
from lbgen.routing.conditions import BUILT_IN, Term, comparison

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lbgen.routing.conditions import Comparison, Condition
    from lbgen.routing.table import Proxy, Rule

MOST_SLOTS = 2000
"""So many hosts and paths of a rule are told apart; of one that has more, nothing is said."""


class Path(NamedTuple):
    """A path, or with `exact` unset everything that begins with it; `line` is where it is asked for."""

    text: str
    exact: bool
    line: int


class Slot(NamedTuple):
    """Requests that a rule takes: for `host`, in small letters, as `by` tells it; with this path; if `rest` holds.

    `host` and `path` are None where any will do. `host_line` is where the host is asked for.
    """

    rule: Rule
    by: str = ""
    host: str | None = None
    path: Path | None = None
    rest: frozenset[str] = frozenset()
    host_line: int = 0


class _Case(NamedTuple):
    """All that the terms of a case ask for; hosts come with their lines."""

    by: str = ""
    hosts: Mapping[str, int] | None = None
    paths: tuple[Path, ...] | None = None
    rest: frozenset[str] = frozenset()


def slots(rule: Rule, proxy: Proxy, *, without_login: bool = False) -> Iterator[Slot]:
    """What the rule takes; `without_login` leaves out conditions that ask for a password."""
    for case in _cases(rule, proxy, without_login=without_login):
        hosts: Iterable[str | None] = (None,) if case.hosts is None else case.hosts
        paths: Iterable[Path | None] = (None,) if case.paths is None else case.paths
        if len(case.hosts or (0,)) * len(case.paths or (0,)) <= MOST_SLOTS:
            lines = case.hosts or {}
            for host, path in product(hosts, paths):
                yield Slot(rule, case.by if host else "", host, path, case.rest, lines.get(host or "", 0))


def _cases(rule: Rule, proxy: Proxy, *, without_login: bool) -> Iterator[_Case]:
    if rule.guarded or rule.variable:
        yield _Case(rest=frozenset({f"line {rule.line}"}))
        return
    for terms in conjunctions(rule.condition):
        case: _Case | None = _Case()
        for term in terms:
            tests = term.tests or named(term.name, proxy)
            if without_login and term.negated and all(_asks_password(test) for test in tests):
                continue
            case = _narrowed(case, tests, term, proxy) if case is not None else None
        if case is not None:
            yield case


def conjunctions(condition: Condition | None) -> Iterable[Sequence[Term]]:
    """Cases of which one must hold; `unless` a single case of one term, or some such, turns into one that is plain."""
    if condition is None:
        return ((),)
    if not condition.unless:
        return condition.cases
    if all(len(case) == 1 for case in condition.cases):
        return (tuple(term._replace(negated=not term.negated) for (term,) in condition.cases),)
    return ((Term(f"unless {condition.cases}", (), negated=False),),)


def named(name: str, proxy: Proxy) -> Sequence[Comparison]:
    """The tests of an ACL, of the proxy's own or of HAProxy's."""
    found = proxy.acls.get(name)
    return found if found is not None else (comparison(BUILT_IN[name]),) if name in BUILT_IN else ()


def _asks_password(test: Comparison) -> bool:
    return test.expression.fetch.name in {"http_auth", "http_auth_group"}


def _narrowed(case: _Case, tests: Sequence[Comparison], term: Term, proxy: Proxy) -> _Case | None:
    """The case with one more term; None where nothing can meet it any more."""
    constant = _constant(tests, proxy)
    if constant is not None:
        return case if constant is not term.negated else None
    if not term.negated and tests:
        if (named := _hosts(tests)) is not None and case.by in {"", named[0]}:
            found = {host: line for host, line in named[1].items() if case.hosts is None or host in case.hosts}
            return case._replace(by=named[0], hosts=found) if found else None
        if (paths := _paths(tests)) is not None:
            return _with_paths(case, paths)
    said = " | ".join(sorted(map(_spelled, tests))) or term.name
    return case._replace(rest=case.rest | {f"{'!' * term.negated}{said}"})


def _constant(tests: Sequence[Comparison], proxy: Proxy) -> bool | None:
    """What the tests always say, if they do."""
    if len(tests) != 1 or tests[0].problem or tests[0].method != "bool" or tests[0].expression.converters:
        return None
    name = tests[0].expression.fetch.name
    if name in {"always_true", "always_false"}:
        return name == "always_true"
    secure = {bind.tls for bind in proxy.binds}
    return secure == {True} if name == "ssl_fc" and len(secure) == 1 else None


_HOST_FETCHES = frozenset({"hdr", "req.hdr"})
_SNI = frozenset({"ssl_fc_sni", "req.ssl_sni", "req_ssl_sni"})
# What leaves a host as it is, but for its port and its letters.
_HARMLESS = frozenset({"lower", "host_only", "field", "regsub"})
WHOLE_HOST = regex(r"\^((?:[A-Za-z0-9_:-]|\\\.)+)\(:\[0-9\]\+\)\?\$")
"""An expression for one host, with or without a port behind it."""


def _hosts(tests: Sequence[Comparison]) -> tuple[str, Mapping[str, int]] | None:
    """What tells the host, and the hosts that are asked for, if that is all that the tests do."""
    kinds = {host_kind(test) for test in tests}
    if len(kinds) != 1 or "" in kinds:
        return None
    hosts: dict[str, int] = {}
    for test in tests:
        for text in test.patterns:
            whole = WHOLE_HOST.fullmatch(text)
            if test.method == "reg" and whole is None:
                return None
            host = whole[1].replace("\\", "") if test.method == "reg" and whole else text
            hosts.setdefault(host.lower(), test.line)
    return (kinds.pop(), hosts) if hosts else None


def host_kind(test: Comparison, *, any_method: bool = False) -> str:
    """What the test takes the host from, "" where it asks for something else; of `any_method`, or for whole hosts."""
    call = test.expression.fetch
    harmless = {each.name for each in test.expression.converters} <= _HARMLESS
    if test.problem or test.files or not harmless or not (any_method or test.method in {"str", "reg"}):
        return ""
    if call.name in _HOST_FETCHES and [arg.lower() for arg in call.args] == ["host"]:
        return "host"
    return "sni" if call.name in _SNI and (any_method or test.method == "str") else ""


def _paths(tests: Sequence[Comparison]) -> tuple[Path, ...] | None:
    """The paths that are asked for, if that is all that the tests do."""
    for test in tests:
        plain = not (test.problem or test.files or test.ignore_case or test.expression.converters)
        if not plain or test.expression.fetch.name != "path" or test.method not in {"str", "beg"}:
            return None
    return tuple(Path(text, test.method == "str", test.line) for test in tests for text in test.patterns) or None


def _with_paths(case: _Case, paths: tuple[Path, ...]) -> _Case | None:
    if case.paths is None:
        return case._replace(paths=paths)
    if len(case.paths) * len(paths) > MOST_SLOTS:
        return case._replace(rest=case.rest | {f"paths of line {paths[0].line}"})
    both = {each: None for one, other in product(case.paths, paths) for each in _both(one, other)}
    return case._replace(paths=tuple(both)) if both else None


def _both(one: Path, other: Path) -> Iterator[Path]:
    """The path that is both, if there is one."""
    if covers(one, other):
        yield other
    elif covers(other, one):
        yield one


def covers(wide: Path | None, narrow: Path | None) -> bool:
    """Whether every path that is meant by the second is meant by the first."""
    if wide is None or narrow is None:
        return wide is None
    if wide.exact:
        return narrow.exact and wide.text == narrow.text
    return narrow.text.startswith(wide.text)


def _spelled(test: Comparison) -> str:
    flags = "-i " * test.ignore_case + " ".join(f"-f {path}" for path in test.files)
    doubt = f" in line {test.line}" if test.problem else ""
    return f"{test.expression.text} -m {test.method} {flags} {' '.join(sorted(test.patterns))}{doubt}"
