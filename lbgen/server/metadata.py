"""Where the load balancers of a pool are reached, as far as anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from lbgen.haproxy.parse import parse
from lbgen.routing.binds import binds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lbgen.server.rendering import Rendering
    from lbgen.server.running import Instance, Status

_MOST = 64
"""Ports of a range that are told."""


class _Place(NamedTuple):
    """A port, and the only address where it is bound; empty for all addresses."""

    port: int
    host: str = ""


def metadata(
    name: str, rendering: Rendering, text: str | None, instances: Sequence[Instance], status: Status | None = None
) -> dict[str, Any]:
    """The metadata of a pool; `text` is the one that runs. A port that is not known, as of a pool at fault, is 0.

    Where something is meant to run, it says how that is.
    """
    pool = rendering.pool
    bound = _bound(text or rendering.text or "")
    frontends = sorted(pool.frontends, key=lambda frontend: frontend.name) if pool else []
    stats = bound.get("stats") or ([_Place(pool.stats.port)] if pool else [])
    made = {
        "name": name,
        "aws": {"elbs": []},
        "frontends": [
            {"name": each.name, "endpoints": _endpoints(_of(bound, each.name) or [_Place(each.port)], instances)}
            for each in frontends
        ],
        "stats": _endpoints(stats, instances),
    }
    return made if status is None else {**made, "status": _shown(status)}


def _shown(status: Status) -> dict[str, Any]:
    return {**status._asdict(), "state": status.state.value}


def _endpoints(places: Iterable[_Place], instances: Sequence[Instance]) -> list[dict[str, Any]]:
    return [
        {
            "port": place.port,
            # Who listens at one address is reached there and nowhere else.
            "private": [address for each in instances for address in ([place.host] if place.host else each.private)],
            "public": [address for each in instances if not place.host for address in each.public],
        }
        for place in places
    ]


def _of(bound: dict[str, list[_Place]], frontend: str) -> list[_Place]:
    # In the portable dialect a frontend that has its backend's name is called otherwise.
    return bound.get(frontend) or bound.get(f"{frontend}_in") or []


def _bound(text: str) -> dict[str, list[_Place]]:
    """Where each section listens."""
    found: dict[str, list[_Place]] = {}
    for section in parse(text).sections:
        for line in section.named("bind"):
            for bind in binds(line):
                places = found.setdefault(section.name, [])
                places += [_Place(port, str(bind.host or "")) for port in bind.ports[:_MOST]]
    return found
