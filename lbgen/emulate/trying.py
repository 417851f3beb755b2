"""What to try: requests that the rules of a load balancer wait for, each with what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.emulate.doors import walls_of
from lbgen.regex import regex
from lbgen.routing.answer import Kind
from lbgen.routing.request import Request
from lbgen.routing.route import route
from lbgen.routing.shapes import slots
from lbgen.routing.values import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lbgen.emulate.balancer import Balancer
    from lbgen.emulate.doors import Wall
    from lbgen.origin import Origin
    from lbgen.routing.answer import Door, Way
    from lbgen.routing.binds import Bind
    from lbgen.routing.conditions import Comparison
    from lbgen.routing.table import Proxy, Rule

_APP_ID = "x-marathon-app-id"
_MAP = regex(r"map(?:_[a-z]+)?\(([^,()]+)")
_HOST = regex(r"[A-Za-z0-9*]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_CLIENT = address_of("127.0.0.1")


class Asked(NamedTuple):
    """What tells one request from another: the host that is asked for, the beginning of the path, the app by its id."""

    host: str | None = None
    path: str = "/"
    app_id: str | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """A request to try at a door of the balancer, and what becomes of it.

    `app` is who it is for, the name of the frontend where it is nobody; `tls` and `http` are how to speak there.
    `origin` is the value that decides, `rule` the line of the configuration.
    """

    app: str
    wall: Wall
    asked: Asked
    tls: bool
    http: bool
    kind: Kind
    status: int | None
    detail: str
    backend: str | None
    user: str | None
    rule: str
    origin: Origin | None


def tries(balancer: Balancer) -> list[Try]:
    """A request for each way into each backend, and for each redirect, in the order of the frontends."""
    found: dict[tuple[Wall, Asked], Try] = {}
    for proxy in balancer.table.frontends:
        for bind in proxy.binds:
            for wall in walls_of(bind)[:1]:
                for asked in _asked(proxy, bind, balancer):
                    made = _try(asked, proxy, bind, wall, balancer)
                    if made is not None:
                        found.setdefault((wall, asked), made)
    return list(found.values())


def hosts(balancer: Balancer) -> list[str]:
    """The names that clients may ask for, in their order, each once; those that a certificate can hold."""
    named = (asked.host for proxy in balancer.table.frontends for asked in _asked(proxy, None, balancer))
    return [host for host in dict.fromkeys(named) if host and _HOST.fullmatch(host)]


def _asked(proxy: Proxy, bind: Bind | None, balancer: Balancer) -> Iterator[Asked]:
    """What the rules of a frontend ask for, beginning with those that choose a backend."""
    if proxy.http and proxy.stats is not None and bind is not None:
        words = proxy.stats.words
        yield Asked(path=words[1] if words[:1] == ("uri",) and len(words) > 1 else "/haproxy?stats")
        return
    rules = [*proxy.rules.get("use_backend", ()), *proxy.rules.get("redirect", ()), *_requests(proxy)]
    for rule in rules:
        yield from _of_rule(rule, proxy, balancer)
    if proxy.default_backend is not None or proxy.kind == "listen":
        yield Asked()


def _requests(proxy: Proxy) -> Iterable[Rule]:
    return (rule for rule in proxy.rules.get("http-request", ()) if rule.words[:1] in {("redirect",), ("deny",)})


def _of_rule(rule: Rule, proxy: Proxy, balancer: Balancer) -> Iterator[Asked]:
    words = " ".join(rule.words)
    if mapped := _MAP.search(words):
        keys = _keys(balancer.files.get(mapped[1].strip(), ""))
        yield from (Asked(app_id=key) if _APP_ID in words.lower() else Asked(key.lower()) for key in keys)
        return
    ids = list(_app_ids(rule, proxy))
    yield from (Asked(app_id=each) for each in ids)
    if ids:
        return
    for slot in slots(rule, proxy, without_login=True):
        if slot.host or slot.path or rule.keyword == "use_backend":
            yield Asked(slot.host, slot.path.text if slot.path is not None else "/")


def _keys(text: str) -> list[str]:
    return [line.split()[0] for line in text.split("\n") if line.strip() and not line.startswith("#")]


def _app_ids(rule: Rule, proxy: Proxy) -> Iterator[str]:
    """The apps that a rule wants to be named in a header of their own."""
    for case in rule.condition.cases if rule.condition is not None else ():
        for term in case:
            if not term.negated:
                yield from _app_ids_of(term.tests or proxy.acls.get(term.name, ()))


def _app_ids_of(tests: Iterable[Comparison]) -> Iterator[str]:
    for test in tests:
        call = test.expression.fetch
        if call.name in {"hdr", "req.hdr"} and [arg.lower() for arg in call.args] == [_APP_ID]:
            yield from test.patterns


def request_for(asked: Asked, wall: Wall, *, tls: bool) -> Request:
    """The request as routing takes it."""
    headers = [("host", asked.host)] if asked.host else [("host", "127.0.0.1")]
    headers += [(_APP_ID, asked.app_id)] if asked.app_id else []
    return Request(
        port=wall.port,
        target=asked.path,
        headers=tuple(headers),
        tls=tls,
        sni=asked.host or "" if tls else "",
        client=_CLIENT,
        to=wall.host,
    )


def _try(asked: Asked, proxy: Proxy, bind: Bind, wall: Wall, balancer: Balancer) -> Try | None:
    """What becomes of it; None where nothing does that anybody would want to see."""
    tls = bind.tls or (not proxy.http and asked.host is not None)
    answer = route(request_for(asked, wall, tls=tls), balancer.table, balancer.files)
    door = next((each for each in answer.doors if each.proxy is proxy), None)
    if door is None or not door.ways:
        return None
    user = None
    way = door.ways[-1]
    if way.outcome.kind is Kind.LOGIN:
        user = _user(way, proxy, balancer)
    why = why_of(way, balancer)
    outcome = way.outcome
    return Try(
        app=_app(way, door, balancer),
        wall=wall,
        asked=asked,
        tls=tls,
        http=proxy.http or asked.host is not None,
        kind=outcome.kind,
        status=outcome.status,
        detail=outcome.detail or "",
        backend=outcome.backend.name if outcome.backend is not None else None,
        user=user,
        rule=why.rule if why is not None else "",
        origin=why.origin if why is not None else None,
    )


def _user(way: Way, proxy: Proxy, balancer: Balancer) -> str | None:
    """Somebody whose password is asked for."""
    step = way.decided[-1] if way.decided else None
    if step is None or step.rule.condition is None:
        return None
    terms = [term for case in step.rule.condition.cases for term in case]
    tests = [test for term in terms for test in (term.tests or proxy.acls.get(term.name, ()))]
    lists = [test.expression.fetch.args[0] for test in tests if test.expression.fetch.name == "http_auth"]
    return next((user for name in lists for user in balancer.table.userlists.get(name, ())), None)


class Why(NamedTuple):
    """The line that decided, and the value that it comes from."""

    rule: str
    origin: Origin | None


_WORDS = {Kind.LOGIN: ("AUTH",), Kind.REDIRECTED: ("REDIR",)}


def why_of(way: Way, balancer: Balancer) -> Why | None:
    """The rule that decided, the last one that matched."""
    if not way.decided:
        return None
    step = way.decided[-1]
    words = _WORDS.get(way.outcome.kind, ())
    return Why(str(step.rule), balancer.why(step.rule.line, step.verdict.why, words))


def _app(way: Way, door: Door, balancer: Balancer) -> str:
    lines = [way.outcome.backend.line] if way.outcome.backend is not None else []
    lines += [step.rule.line for step in reversed(way.decided)]
    return next((app for line in lines if (app := balancer.app_of(line))), None) or (
        way.outcome.backend.name if way.outcome.backend is not None else door.proxy.name
    )
