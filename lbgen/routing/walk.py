"""A request's way through a frontend and its backends, rule by rule, in the order in which HAProxy evaluates them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.routing.answer import Kind, Outcome, Step, Way
from lbgen.routing.changes import change
from lbgen.routing.endings import ALLOWING, ending, redirected
from lbgen.routing.judging import formatted, judge
from lbgen.routing.state import state_of
from lbgen.routing.values import Unknown, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.routing.state import State
    from lbgen.routing.table import Proxy, Rule, Server

MOST_WAYS = 50
"""Of so many ways are told, if many rules cannot be judged."""
_MOST_LOOPS = 4
_FRONTEND = ("connection", "session", "content", "monitor-uri", "http-request", "stats", "redirect")
_BACKEND = ("content", "http-request", "stats", "redirect")
_HTTP_ONLY = frozenset({"monitor-uri", "http-request", "redirect", "stats"})


class _Past(NamedTuple):
    """What decided so far, and what of it is assumed; `loops` counts frontends behind frontends."""

    decided: tuple[Step, ...] = ()
    assumed: tuple[Step, ...] = ()
    loops: int = 0

    def by(self, step: Step) -> _Past:
        """One step further."""
        more = (step,) if step.verdict.truth is None else ()
        return self._replace(decided=(*self.decided, step), assumed=(*self.assumed, *more))


class Walk:
    """One request at one frontend; `looked_at` and `behind` are as in `Door`, once all ways are walked."""

    def __init__(self) -> None:
        self.looked_at: list[Step] = []
        self.behind: list[Step] = []
        self._ways = 0

    def ways(self, state: State) -> Iterator[Way]:
        """All ways; the last is the one where nothing that cannot be judged matches."""
        for way in self._frontend(state, _Past()):
            self._ways += 1
            yield way
            if self._ways == MOST_WAYS:
                yield Way(Outcome(Kind.UNKNOWN, detail="there are too many rules that cannot be judged"))
                return

    def _frontend(self, state: State, past: _Past) -> Iterator[Way]:
        yield from self._stages(state, _FRONTEND, past, frontend=True)

    def _stages(self, state: State, stages: Sequence[str], past: _Past, *, frontend: bool) -> Iterator[Way]:
        """The ways from these stages on."""
        for index, stage in enumerate(stages):
            for rule in _rules(state.proxy, stage):
                step = self._look(rule, stage, state)
                if step.verdict.truth is False:
                    continue
                if rule.words and rule.words[0] in ALLOWING and stage not in {"redirect", "stats", "monitor-uri"}:
                    if step.verdict.truth:
                        break
                    yield from self._stages(state.copy(), stages[index + 1 :], past.by(step), frontend=frontend)
                    continue
                outcome = _effect(rule, stage, step, state)
                if outcome is not None:
                    yield _way(outcome, past.by(step))
                    if step.verdict.truth:
                        if frontend and not past.assumed:
                            self._beat(state, stages[index:], rule)
                        return
        yield from self._switched(state, past) if frontend else self._served(state, past)

    def _look(self, rule: Rule, stage: str, state: State) -> Step:
        step = Step(state.proxy, rule, _verdict(rule, stage, state))
        self.looked_at.append(step)
        return step

    def _beat(self, state: State, stages: Sequence[str], after: Rule) -> None:
        """Notes what else could have ended the request, or routed it, had the rule not."""
        for stage in (*stages, "use_backend"):
            for rule in _rules(state.proxy, stage):
                if rule is after or (stage == stages[0] and rule.line < after.line):
                    continue
                if stage == "use_backend" or _effect_only(rule, stage, state) is not None:
                    self.behind.append(Step(state.proxy, rule, _verdict(rule, stage, state)))

    def _switched(self, state: State, past: _Past) -> Iterator[Way]:
        """The backend that the frontend chooses."""
        rules = state.proxy.rules.get("use_backend", [])
        for index, rule in enumerate(rules):
            step = self._look(rule, "use_backend", state)
            if step.verdict.truth is False:
                continue
            name = _backend_name(rule, state)
            if isinstance(name, Unknown):
                yield _way(Outcome(Kind.UNKNOWN, detail=f"the backend depends on {name.why}"), past.by(step))
                if step.verdict.truth:
                    return
                continue
            backend = state.table.backends.get(name)
            if backend is None and step.verdict.truth:
                # HAProxy looks no further where an expression names no backend.
                break
            if backend is not None:
                yield from self._entered(backend, state.copy(), past.by(step))
            if step.verdict.truth:
                if not past.assumed:
                    later = rules[index + 1 :]
                    self.behind += [Step(state.proxy, each, _verdict(each, "use_backend", state)) for each in later]
                return
        yield from self._by_default(state, past)

    def _by_default(self, state: State, past: _Past) -> Iterator[Way]:
        rule = state.proxy.default_backend
        if rule is None:
            yield from self._served(state, past) if state.proxy.kind == "listen" else (_way(_nobody(state), past),)
            return
        step = Step(state.proxy, rule, Verdict(truth=True, why="nothing else matches"))
        self.looked_at.append(step)
        name = rule.words[0] if rule.words else ""
        backend = state.table.backends.get(name)
        if backend is None:
            yield _way(_nobody(state), past.by(step))
        else:
            yield from self._entered(backend, state, past.by(step))

    def _entered(self, backend: Proxy, state: State, past: _Past) -> Iterator[Way]:
        """The ways within a backend; those of a listen that chooses itself are done with its rules."""
        if backend is state.proxy:
            yield from self._served(state, past)
            return
        state.proxy = backend
        yield from self._stages(state, _BACKEND, past, frontend=False)

    def _served(self, state: State, past: _Past) -> Iterator[Way]:
        """The servers of the backend, or the frontend that one of them is."""
        for rule in state.proxy.rules.get("use-server", []):
            step = self._look(rule, "use-server", state)
            named = [server for server in state.proxy.servers if rule.words[:1] == (server.name,)]
            usable = [server for server in named if not server.disabled]
            if step.verdict.truth is not False and usable:
                yield _way(_outcome(state, usable), past.by(step))
                if step.verdict.truth:
                    return
        servers = _usable(state.proxy)
        inner = state.table.listening(servers[0].address) if len(servers) == 1 else None
        if inner is None or past.loops == _MOST_LOOPS:
            yield _way(_outcome(state, servers) if servers else _nobody(state, state.proxy), past)
            return
        proxy, bind = inner
        again = state_of(state.request, state.table, state.files, proxy, terminated=bind.tls)
        yield from self._frontend(again, past._replace(loops=past.loops + 1))


def _rules(proxy: Proxy, stage: str) -> Sequence[Rule]:
    if stage in _HTTP_ONLY and not proxy.http:
        return ()
    if stage == "monitor-uri":
        return (proxy.monitor,) if proxy.monitor is not None else ()
    if stage == "stats":
        return (proxy.stats,) if proxy.stats is not None else ()
    return proxy.rules.get(stage, ())


def _verdict(rule: Rule, stage: str, state: State) -> Verdict:
    if rule.guarded:
        return Verdict(None, "whether the .if around it holds")
    if stage in {"monitor-uri", "stats"}:
        return _addressed(rule, stage, state)
    return judge(rule.condition, state)


def _addressed(rule: Rule, stage: str, state: State) -> Verdict:
    """Whether the request asks for a page of HAProxy's own."""
    target = state.target
    if isinstance(target, Unknown):
        return Verdict(None, target.why)
    uri = rule.words[-1] if rule.words and rule.words[-1] != "enable" else "/haproxy?stats"
    return Verdict(target.startswith(uri) if stage == "stats" else target == uri, f"it is not {uri}")


def _backend_name(rule: Rule, state: State) -> str | Unknown:
    if rule.variable:
        return Unknown(rule.variable)
    return formatted(rule.words[0] if rule.words else "", state)


def _effect(rule: Rule, stage: str, step: Step, state: State) -> Outcome | None:
    """How the rule ends the request, if it does; else what it changes is changed."""
    outcome = _effect_only(rule, stage, state)
    if outcome is None and rule.words:
        change(rule.words, state, certain=step.verdict.truth is True)
    return outcome


def _effect_only(rule: Rule, stage: str, state: State) -> Outcome | None:
    if stage == "redirect":
        return redirected(rule.words, state, plain=True)
    if stage == "monitor-uri":
        return Outcome(Kind.ANSWERED, 200, "the monitor")
    if stage == "stats":
        return Outcome(Kind.ANSWERED, 200, "the statistics page")
    return ending(rule.words, state) if rule.words else None


def _usable(backend: Proxy) -> list[Server]:
    """The servers that get requests: those that are no backups, else the first of these."""
    there = [server for server in backend.servers if not server.disabled]
    return [server for server in there if not server.backup] or there[:1]


def _outcome(state: State, servers: Sequence[Server]) -> Outcome:
    hosts = state.header("host")
    host = hosts[0] if isinstance(hosts, list) and hosts else None
    target = state.target if isinstance(state.target, str) else None
    return Outcome(Kind.SERVED, None, None, state.proxy, tuple(servers), target, host)


def _nobody(state: State, backend: Proxy | None = None) -> Outcome:
    """What becomes of a request that nobody serves: in tcp mode its connection is closed without a word."""
    return Outcome(Kind.NOBODY, 503 if state.http else None, backend=backend)


def _way(outcome: Outcome, past: _Past) -> Way:
    return Way(outcome, past.decided, past.assumed)
