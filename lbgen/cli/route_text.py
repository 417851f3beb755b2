"""What `lbgen route` tells a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.report.places import locate
from lbgen.report.visible import visible
from lbgen.routing.answer import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.pipeline.routing import Routed, Routes
    from lbgen.routing.answer import Answer, Door, Outcome, Step, Way

_MOST_SERVERS = 5
_MOST_BEATEN = 10


def as_text(url: str, routes: Routes, *, verbose: bool) -> str:
    """The answers of all configurations; with `verbose`, every rule that was looked at."""
    lines = [url]
    for routed in routes.routed:
        lines += _configuration(routed, routes, verbose=verbose)
    return "".join(f"{visible(line)}\n" for line in lines)


def _configuration(routed: Routed, routes: Routes, *, verbose: bool) -> Iterator[str]:
    configuration, answer = routed.configuration, routed.answer
    of = f" of {configuration.balancer}" if configuration.balancer else ""
    yield f"{configuration.config.name}{of}:"
    if len(answer.doors) > 1:
        yield f"  {len(answer.doors)} frontends listen there: {_dealt(answer.doors)}"
    for door in answer.doors:
        yield from _door(door, routed, routes, verbose=verbose)
    for door in answer.misfits:
        yield f"  {door.proxy.header} takes no such connection: {door.ways[0].outcome.detail}"
    if not answer.doors:
        yield from _nobody(answer)


def _nobody(answer: Answer) -> Iterator[str]:
    if not answer.misfits:
        yield f"  nobody listens on port {answer.request.port}"


def _dealt(doors: Sequence[Door]) -> str:
    if len({door.bind.host for door in doors}) == 1:
        return "the kernel deals connections out to all of them"
    return "which one depends on the address, and the kernel deals out those of one address"


def _door(door: Door, routed: Routed, routes: Routes, *, verbose: bool) -> Iterator[str]:
    tls = " ssl" if door.bind.tls else ""
    where = f"{routed.configuration.config.name}:{door.bind.directive.line}"
    yield f"  {door.proxy.header} (bind {door.bind.text}{tls}, {where})"
    for way in door.ways:
        yield from _way(way, routed, routes, several=len(door.ways) > 1)
    beaten = door.beaten
    for step in beaten[:_MOST_BEATEN]:
        yield f"    too late: {_rule(step, routed, routes)}"
    if len(beaten) > _MOST_BEATEN:
        yield f"    too late: {len(beaten) - _MOST_BEATEN} more"
    if verbose:
        yield from _steps("looked at", door.looked_at, routed, routes)
        yield from _steps("not looked at any more", door.behind, routed, routes)


def _way(way: Way, routed: Routed, routes: Routes, *, several: bool) -> Iterator[str]:
    if way.assumed:
        yield f"    if {_rule(way.assumed[-1], routed, routes)}"
        yield f"       holds, which cannot be told: {way.assumed[-1].verdict.why}"
    elif several:
        yield "    otherwise"
    indent = "      " if several else "    "
    yield f"{indent}-> {told(way.outcome, routed)}"
    for step in way.decided:
        if step not in way.assumed:
            yield f"{indent}   by {_rule(step, routed, routes)}"


def told(outcome: Outcome, routed: Routed) -> str:
    """How it ends, in a few words."""
    status = f" ({outcome.status})" if outcome.status else ""
    if outcome.kind is Kind.SERVED:
        return _served(outcome, routed)
    if outcome.kind is Kind.NOBODY:
        empty = f"{outcome.backend.header} has no server" if outcome.backend is not None else "no backend takes it"
        return f"{empty}{status}"
    return {
        Kind.REDIRECTED: f"redirect to {outcome.detail or 'a place that cannot be told'}{status}",
        Kind.LOGIN: f'asks for a password of "{outcome.detail}"{status}; --user NAME tells what follows',
        Kind.DENIED: f"denied{status}{f': {outcome.detail}' if outcome.detail else ''}",
        Kind.CLOSED: "the connection is closed",
        Kind.ANSWERED: f"HAProxy answers itself: {outcome.detail}{status}",
        Kind.UNKNOWN: f"cannot be told: {outcome.detail}",
    }[outcome.kind]


def _served(outcome: Outcome, routed: Routed) -> str:
    assert outcome.backend is not None  # it serves  # noqa: S101
    servers = [f"{server.name} {server.address}" for server in outcome.servers[:_MOST_SERVERS]]
    more = len(outcome.servers) - len(servers)
    text = f"{outcome.backend.header}: {', '.join(servers)}{f' and {more} more' if more else ''}"
    request = routed.answer.request
    changes = [f"path {outcome.target}"] * (outcome.target != request.target)
    changes += [f"Host {outcome.host}"] * (outcome.host != request.host)
    return f"{text}, with {' and '.join(changes)}" if changes and outcome.backend.http else text


def _rule(step: Step, routed: Routed, routes: Routes) -> str:
    """The rule, its line, and the value that it comes from."""
    text = f"{routed.configuration.config.name}:{step.rule.line}: {step.rule}"
    origin = routed.origin(step)
    if origin is None:
        return text
    who = " ".join(filter(None, (origin.app, origin.label)))
    return f"{text}  [{locate(origin, routes.inputs.documents)}{f' {who}' if who else ''}]"


def _steps(title: str, steps: Sequence[Step], routed: Routed, routes: Routes) -> Iterator[str]:
    words = {True: "yes", False: "no", None: "?"}
    if steps:
        yield f"    {title}:"
    for step in steps:
        why = f"  ({step.verdict.why})" if step.verdict.why not in {"", "always"} else ""
        yield f"      {words[step.verdict.truth]:3} {_rule(step, routed, routes)}{why}"
