"""Hosts and paths as examples of what the conditions of a rule ask for."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

from lbgen.emulate.spelled import spelled
from lbgen.regex import regex
from lbgen.routing.shapes import conjunctions, host_kind, named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lbgen.routing.conditions import Comparison, Term
    from lbgen.routing.table import Proxy, Rule

MOST = 2000
"""Of so many hosts and paths of a rule there are examples."""
_HOST = regex(r"[^\s/\x00-\x1f]{1,253}")
_PATH = regex(r"/[^\s\x00-\x1f]{0,2000}")


def samples(rule: Rule, proxy: Proxy) -> Iterator[tuple[str | None, str | None]]:
    """A host and a path for each way in which the rule may be met, None where any will do."""
    if rule.guarded or rule.variable:
        yield None, None
        return
    found = (pair for terms in conjunctions(rule.condition) for pair in _of_case(terms, proxy))
    yield from islice(dict.fromkeys(found), MOST)


def _of_case(terms: Sequence[Term], proxy: Proxy) -> Iterator[tuple[str | None, str | None]]:
    wanted = [term.tests or named(term.name, proxy) for term in terms if not term.negated]
    hosts = _in_common(_values(tests, _host) for tests in wanted)
    paths = _in_common(_values(tests, _path) for tests in wanted)
    yield from product(hosts or (None,), paths or (None,))


def _in_common(of_terms: Iterable[Sequence[str]]) -> Sequence[str]:
    """What all terms have that have any, else what the last of them has: paths that begin with one another."""
    found: Sequence[str] = ()
    for values in of_terms:
        both = [value for value in values if not found or value in found]
        found = both or values or found
    return found


def _values(tests: Iterable[Comparison], sample: Callable[[Comparison, str], str | None]) -> Sequence[str]:
    made = (sample(test, pattern) for test in tests if not test.problem for pattern in test.patterns)
    return list(dict.fromkeys(value for value in made if value is not None))


def _host(test: Comparison, pattern: str) -> str | None:
    if not host_kind(test, any_method=True):
        return None
    text = spelled(pattern) if test.method == "reg" else pattern
    if text is None:
        return None
    if test.method == "beg" and text.endswith("."):
        text = f"{text}example.org"
    # What asks for any host below another: the star itself is no name.
    text = f"any{text.removeprefix('*')}" if text.startswith(("*.", ".", "-")) else text
    return text.lower() if _HOST.fullmatch(text) else None


def _path(test: Comparison, pattern: str) -> str | None:
    if test.expression.fetch.name not in {"path", "pathq", "url", "capture.req.uri"}:
        return None
    text = spelled(pattern) if test.method == "reg" else pattern
    if text is None or test.method not in {"str", "beg", "end", "sub", "dir", "dom", "reg"}:
        return None
    if not text.startswith("/"):
        text = f"/any{text}" if test.method == "end" and text else f"/{text}"
    return text if _PATH.fullmatch(text) else None
