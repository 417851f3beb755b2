"""What to try: requests that the rules of a load balancer wait for, each with what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.dataclass import dataclass
from lbgen.emulate.doors import LOOPBACK, walls_of
from lbgen.emulate.narrowing import APP_ID
from lbgen.emulate.samples import samples
from lbgen.emulate.why import MAP, why_of
from lbgen.regex import regex
from lbgen.routing.answer import Kind
from lbgen.routing.request import Request
from lbgen.routing.route import route
from lbgen.routing.values import address_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lbgen.emulate.balancer import Balancer
    from lbgen.emulate.doors import Wall
    from lbgen.origin import Origin
    from lbgen.routing.answer import Answer, Door, Way
    from lbgen.routing.binds import Bind
    from lbgen.routing.conditions import Comparison
    from lbgen.routing.table import Proxy, Rule

_HOST = regex(r"[A-Za-z0-9*]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_CLIENT = address_of(LOOPBACK)
_USUAL = {False: 80, True: 443}


class Asked(NamedTuple):
    """What tells one request from another: the host that is asked for, the beginning of the path, the app by its id."""

    host: str | None = None
    path: str = "/"
    app_id: str | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """A request to try at a door of the balancer, and what becomes of it.

    `app` is who it is for, the name of the frontend where it is nobody; `port` is that of this machine, `tls` and
    `http` are how to speak there. `origins` are the values that decide, `rule` the line of the configuration.
    `backend` and `servers` are who serves, and `manner` how it chooses among them. `others` are apps and backends that
    connections to this port are dealt out to as well.
    """

    app: str
    wall: Wall
    port: int
    asked: Asked
    tls: bool
    http: bool
    kind: Kind
    status: int | None
    detail: str
    backend: str | None
    servers: tuple[str, ...]
    manner: str
    user: str | None
    rule: str
    origins: tuple[Origin, ...]
    others: tuple[tuple[str, str | None], ...]

    @property
    def authority(self) -> str:
        """The host, and the port unless it is the usual one, as the URL has them that a client of production asks."""
        return _authority(self.asked, self.wall, self.port, tls=self.tls)


def tries(balancer: Balancer, ports: Mapping[Wall, int]) -> list[Try]:
    """A request for each way into each backend, and for each redirect, in the order of the frontends.

    `ports` are those of this machine by what they stand for.
    """
    found: dict[tuple[Wall, Asked], Try] = {}
    maker = _Maker(balancer, ports)
    for proxy in balancer.table.frontends:
        asked = list(_asked(proxy, balancer))
        for bind in proxy.binds:
            for wall in walls_of(bind)[:1]:
                for each, rule in asked:
                    if (wall, each) not in found and (made := maker.made(each, rule, proxy, bind, wall)) is not None:
                        found[wall, each] = made
    return list(found.values())


def hosts(balancer: Balancer) -> list[str]:
    """The names that clients may ask for, in their order, each once; those that a certificate can hold."""
    named = (asked.host for proxy in balancer.table.frontends for asked, _ in _asked(proxy, balancer))
    return [host for host in dict.fromkeys(named) if host and _HOST.fullmatch(host)]


def _asked(proxy: Proxy, balancer: Balancer) -> Iterator[tuple[Asked, Rule | None]]:
    """What the rules of a frontend ask for, beginning with those that choose a backend, and the rule."""
    if proxy.http and proxy.stats is not None and any(bind.ports for bind in proxy.binds):
        words = proxy.stats.words
        yield Asked(path=words[1] if words[:1] == ("uri",) and len(words) > 1 else "/haproxy?stats"), None
        return
    rules = [*proxy.rules.get("use_backend", ()), *proxy.rules.get("redirect", ()), *_requests(proxy)]
    for rule in rules:
        for asked in _of_rule(rule, proxy, balancer):
            yield asked, rule
    if proxy.default_backend is not None or proxy.kind == "listen":
        yield Asked(), proxy.default_backend


def _requests(proxy: Proxy) -> Iterable[Rule]:
    return (rule for rule in proxy.rules.get("http-request", ()) if rule.words[:1] in {("redirect",), ("deny",)})


def _of_rule(rule: Rule, proxy: Proxy, balancer: Balancer) -> Iterator[Asked]:
    words = " ".join(rule.words)
    if mapped := MAP.search(words):
        keys = _keys(balancer.files.get(mapped[1].strip(), ""))
        yield from (Asked(app_id=key) if APP_ID in words.lower() else Asked(_named(key)) for key in keys)
        return
    ids = list(_app_ids(rule, proxy))
    yield from (Asked(app_id=each) for each in ids)
    if ids:
        return
    for host, path in samples(rule, proxy):
        if host or path or rule.keyword == "use_backend":
            yield Asked(host, path or "/")


def _keys(text: str) -> list[str]:
    return [line.split()[0] for line in text.split("\n") if line.strip() and not line.startswith("#")]


def _named(host: str) -> str:
    return (f"any{host[1:]}" if host.startswith("*.") else host).lower()


def _app_ids(rule: Rule, proxy: Proxy) -> Iterator[str]:
    """The apps that a rule wants to be named in a header of their own."""
    for case in rule.condition.cases if rule.condition is not None else ():
        for term in case:
            if not term.negated:
                yield from _app_ids_of(term.tests or proxy.acls.get(term.name, ()))


def _app_ids_of(tests: Iterable[Comparison]) -> Iterator[str]:
    for test in tests:
        call = test.expression.fetch
        if call.name in {"hdr", "req.hdr"} and [arg.lower() for arg in call.args] == [APP_ID]:
            yield from test.patterns


def _authority(asked: Asked, wall: Wall, port: int, *, tls: bool) -> str:
    if asked.host is None:
        name = "localhost" if tls else LOOPBACK
        return name if port == _USUAL[tls] else f"{name}:{port}"
    return asked.host if wall.port == _USUAL[tls] else f"{asked.host}:{wall.port}"


def request_for(asked: Asked, wall: Wall, port: int, *, tls: bool) -> Request:
    """The request as routing takes it, if it is made at this port of this machine."""
    headers = [("host", _authority(asked, wall, port, tls=tls))]
    headers += [(APP_ID, asked.app_id)] if asked.app_id else []
    return Request(
        port=wall.port,
        target=asked.path,
        headers=tuple(headers),
        tls=tls,
        sni=asked.host or "localhost" if tls else "",
        client=_CLIENT,
        to=wall.host,
    )


class _Maker:
    def __init__(self, balancer: Balancer, ports: Mapping[Wall, int]) -> None:
        self._balancer = balancer
        self._ports = ports

    def made(self, asked: Asked, rule: Rule | None, proxy: Proxy, bind: Bind, wall: Wall) -> Try | None:
        """What becomes of it; None where nothing does that anybody would want to see."""
        port = self._ports.get(wall, wall.port)
        tls = bind.tls or (not proxy.http and asked.host is not None)
        request = request_for(asked, wall, port, tls=tls)
        answer = route(request, self._balancer.narrowing.of(request), self._balancer.files)
        door = next((each for each in answer.doors if each.proxy.name == proxy.name), None)
        if door is None or not door.ways:
            return None
        way = door.ways[-1]
        why = why_of(way, self._balancer, request)
        outcome = way.outcome
        backend = outcome.backend.name if outcome.backend is not None else None
        return Try(
            app=_app(way, door, rule, self._balancer),
            wall=wall,
            port=port,
            asked=asked,
            tls=tls,
            http=proxy.http or asked.host is not None,
            kind=outcome.kind,
            status=outcome.status,
            detail=outcome.detail or "",
            backend=backend,
            servers=tuple(server.name for server in outcome.servers),
            manner=self._balancer.manners.get(backend or "", ""),
            user=_user(way, door.proxy, self._balancer) if outcome.kind is Kind.LOGIN else None,
            rule=why.rule if why is not None else "",
            origins=why.origins if why is not None else (),
            others=tuple(self._others(answer, door)),
        )

    def _others(self, answer: Answer, door: Door) -> Iterator[tuple[str, str | None]]:
        """Who is behind other doors of the same port."""
        for each in answer.doors:
            if each is not door and each.ways:
                way = each.ways[-1]
                backend = way.outcome.backend
                yield _app(way, each, None, self._balancer), backend.name if backend is not None else None


def _user(way: Way, proxy: Proxy, balancer: Balancer) -> str | None:
    """Somebody whose password is asked for."""
    step = way.decided[-1] if way.decided else None
    if step is None or step.rule.condition is None:
        return None
    terms = [term for case in step.rule.condition.cases for term in case]
    tests = [test for term in terms for test in (term.tests or proxy.acls.get(term.name, ()))]
    lists = [test.expression.fetch.args[0] for test in tests if test.expression.fetch.name == "http_auth"]
    return next((user for name in lists for user in balancer.table.userlists.get(name, ())), None)


def _app(way: Way, door: Door, rule: Rule | None, balancer: Balancer) -> str:
    """Who it is for: whose the backend is, else whose rule decided, else whose rule asked for it."""
    lines = [way.outcome.backend.line] if way.outcome.backend is not None else []
    lines += [step.rule.line for step in reversed(way.decided)]
    lines += [rule.line] if rule is not None and not way.decided else []
    return next((app for line in lines if (app := balancer.app_of(line))), None) or (
        way.outcome.backend.name if way.outcome.backend is not None else door.proxy.name
    )
