"""What `lbgen route` tells a program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen.report.places import locate

if TYPE_CHECKING:
    from lbgen.pipeline.routing import Routed, Routes
    from lbgen.routing.answer import Door, Outcome, Step, Way

VERSION = 1


def as_json(url: str, routes: Routes, *, verbose: bool) -> str:
    """The answers of all configurations; with `verbose`, every rule that was looked at."""
    answers = [_configuration(routed, routes, verbose=verbose) for routed in routes.routed]
    return f"{json.dumps({'version': VERSION, 'url': url, 'answers': answers}, indent=2)}\n"


def _configuration(routed: Routed, routes: Routes, *, verbose: bool) -> dict[str, Any]:
    return {
        "file": routed.configuration.config.name,
        "balancer": routed.configuration.balancer or None,
        "generated": routed.configuration.generated,
        "routed": routed.answer.routed,
        "frontends": [_door(door, routed, routes, verbose=verbose) for door in routed.answer.doors],
        "misfits": [
            {"frontend": door.proxy.name, "why": door.ways[0].outcome.detail} for door in routed.answer.misfits
        ],
    }


def _door(door: Door, routed: Routed, routes: Routes, *, verbose: bool) -> dict[str, Any]:
    found = {
        "frontend": door.proxy.name,
        "bind": {"address": door.bind.text, "tls": door.bind.tls, "line": door.bind.directive.line},
        "ways": [_way(way, routed, routes) for way in door.ways],
        "beaten": [_step(step, routed, routes) for step in door.beaten],
    }
    if verbose:
        found["looked_at"] = [_step(step, routed, routes) for step in door.looked_at]
        found["behind"] = [_step(step, routed, routes) for step in door.behind]
    return found


def _way(way: Way, routed: Routed, routes: Routes) -> dict[str, Any]:
    return {
        "outcome": _outcome(way.outcome),
        "decided": [_step(step, routed, routes) for step in way.decided],
        "assumed": [_step(step, routed, routes) for step in way.assumed],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "kind": str(outcome.kind),
        "status": outcome.status,
        "detail": outcome.detail,
        "backend": outcome.backend.name if outcome.backend is not None else None,
        "servers": [{"name": server.name, "address": server.address} for server in outcome.servers],
        "target": outcome.target,
        "host": outcome.host,
    }


def _step(step: Step, routed: Routed, routes: Routes) -> dict[str, Any]:
    return {
        "section": step.proxy.header,
        "line": step.rule.line,
        "rule": str(step.rule),
        "matches": step.verdict.truth,
        "why": step.verdict.why,
        "origin": _origin(step, routed, routes),
    }


def _origin(step: Step, routed: Routed, routes: Routes) -> dict[str, Any] | None:
    origin = routed.origin(step)
    if origin is None:
        return None
    place = locate(origin, routes.inputs.documents)
    start = place.span.start if place.span is not None else None
    return {
        "file": place.document,
        "line": start.line if start else None,
        "column": start.column if start else None,
        "pointer": origin.pointer,
        "app": origin.app,
        "label": origin.label,
    }
