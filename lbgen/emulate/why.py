"""Which rule decided about a request, and which labels the rule comes from."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from lbgen.emulate.narrowing import APP_ID
from lbgen.regex import regex
from lbgen.routing.answer import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lbgen.emulate.balancer import Balancer
    from lbgen.origin import Origin
    from lbgen.routing.answer import Step, Way
    from lbgen.routing.request import Request
    from lbgen.routing.table import Rule

MAP = regex(r"map(?:_[a-z]+)?\(([^,()]+)")
_WORDS = {Kind.LOGIN: ("AUTH",), Kind.REDIRECTED: ("REDIR",)}
_MOST = 3


class Why(NamedTuple):
    """The line that decided, and the values that it comes from, the most telling first."""

    rule: str
    origins: tuple[Origin, ...]


def why_of(way: Way, balancer: Balancer, request: Request) -> Why | None:
    """The rule that decided, the last one that matched; None where nothing did."""
    if not way.decided:
        return None
    step = way.decided[-1]
    found = dict.fromkeys(islice(_origins(step, way, balancer, request), 100))
    labels = [origin for origin in found if origin.label is not None or origin.app is None]
    return Why(str(step.rule), tuple((labels or list(found))[:_MOST]))


def why_rule(rule: Rule, balancer: Balancer) -> Why:
    """The same for a rule by itself."""
    origin = balancer.why(rule.line, "", ())
    return Why(str(rule), (origin,) if origin is not None else ())


def _origins(step: Step, way: Way, balancer: Balancer, request: Request) -> Iterator[Origin]:
    mapped = _mapped(step.rule, way, balancer, request)
    if mapped is not None:
        yield mapped
        return
    words = _WORDS.get(way.outcome.kind, ())
    origin = balancer.why(step.rule.line, step.verdict.why, words)
    if origin is not None:
        yield origin
    for line in () if words else _lines_of_acls(step):
        origin = balancer.why(line, step.verdict.why, ())
        if origin is not None:
            yield origin


def _mapped(rule: Rule, way: Way, balancer: Balancer, request: Request) -> Origin | None:
    """What put the request's host, or its app, into the map that the rule asks: the rule itself is everybody's."""
    if MAP.search(" ".join(rule.words)) is None or way.outcome.backend is None:
        return None
    if APP_ID in str(rule).lower():
        return balancer.why(way.outcome.backend.line, "", ())
    host = (request.sni or request.host).partition(":")[0].lower()
    app = balancer.app_of(way.outcome.backend.line) or ""
    return balancer.vhosts.get((host, app)) or balancer.why(way.outcome.backend.line, "", ())


def _lines_of_acls(step: Step) -> Iterator[int]:
    """Where the ACLs stand that the rule wants to hold."""
    for case in step.rule.condition.cases if step.rule.condition is not None else ():
        for term in case:
            if not term.negated and not term.tests:
                yield from (test.line for test in step.proxy.acls.get(term.name, ()))
