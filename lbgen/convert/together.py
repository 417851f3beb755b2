"""What services do to each other on ports 80 and 443: redirects that spare others, and rules in another order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.convert.doors import HTTP, HTTPS, Route

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.convert.doors import Moving, Report


def in_order(services: Sequence[Moving]) -> list[Moving]:
    """The services in the order of their rules: the largest weight first, then by app and port."""
    return sorted(services, key=lambda moving: -moving.service.weight)


def exceptions(services: Sequence[Moving], report: Report) -> list[Route]:
    """What a redirect of port 80 has to leave on HTTP, so that the other services stay there."""
    redirected: dict[str, list[tuple[Route, Moving]]] = {}
    spared: dict[str, list[tuple[Route, Moving]]] = {}
    for moving in (moving for moving in in_order(services) if HTTP in moving.doors):
        for route in moving.routes:
            if moving.service.redirect_to_https:
                redirected.setdefault(route.host, []).append((route, moving))
            elif not any(earlier.covers(route) for earlier, _ in redirected.get(route.host, ())):
                spared.setdefault(route.host, []).append((route, moving))
            else:
                report.note(moving, f"is redirected on port 80, as {_said(route)} is another service's there", "VHOST")
    if not redirected:
        return []
    for host, routes in redirected.items():
        _remark(routes, spared.get(host, ()), report)
    return sorted({route for routes in spared.values() for route, _ in routes})


def _remark(redirected: Sequence[tuple[Route, Moving]], spared: Sequence[tuple[Route, Moving]], report: Report) -> None:
    """Says of the routes of one host what cannot be both redirected and left alone."""
    for route, moving in redirected:
        for other, owner in spared:
            if other.covers(route):
                text = f"does not redirect {_said(route)}: {owner.service.app.id} stays on HTTP for {_said(other)}"
                report.change(moving, text, "REDIRECT_TO_HTTPS")
            elif route.covers(other):
                text = f"leaves {_said(other)} on HTTP for {owner.service.app.id}, where Marathon-LB redirects it"
                report.change(moving, text, "REDIRECT_TO_HTTPS")


def _said(route: Route) -> str:
    return f"{route.host}{route.path}"


def note_order(services: Sequence[Moving], report: Report) -> None:
    """Says whose requests go elsewhere, since Edge-LB sorts the rules of auto pools by itself."""
    for door in (HTTP, HTTPS):
        first: dict[Route, Moving] = {}
        for moving in (moving for moving in in_order(services) if door in moving.doors):
            for route in moving.routes:
                for earlier in _above(route):
                    other = first.get(earlier)
                    if (
                        other is not None
                        and other.identity != moving.identity
                        and _overtakes(route, moving, earlier, other, door)
                    ):
                        text = f"takes {_said(route)} over from {other.service.app.id}: Edge-LB puts longer paths first"
                        report.change(moving, text, "PATH", "VHOST", help="a pool keeps the order: --to pool")
            for route in moving.routes:
                first.setdefault(route, moving)


def _above(route: Route) -> Iterator[Route]:
    """The routes that cover this one: of the same host, with every beginning of its path."""
    return (Route(route.host, route.path[:length]) for length in range(len(route.path) + 1))


def _overtakes(route: Route, moving: Moving, earlier: Route, other: Moving, door: str) -> bool:
    """Whether Edge-LB puts the later service's rule in front, though Marathon-LB has it behind."""
    if route.path != earlier.path:
        return True
    return moving.group(door) < other.group(door)
