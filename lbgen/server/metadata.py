"""Where the load balancers of a pool are reached, as far as anything runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.haproxy.parse import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lbgen.server.rendering import Rendering
    from lbgen.server.running import Instance


def metadata(name: str, rendering: Rendering, text: str | None, instances: Sequence[Instance]) -> dict[str, Any]:
    """The metadata of a pool; `text` is the one that runs. A port that is not known, as of a pool at fault, is 0."""
    pool = rendering.pool
    ports = _ports(text or rendering.text or "")
    frontends = sorted(pool.frontends, key=lambda frontend: frontend.name) if pool else []
    stats = ports.get("stats") or ([pool.stats.port] if pool else [])
    return {
        "name": name,
        "aws": {"elbs": []},
        "frontends": [
            {"name": each.name, "endpoints": _endpoints(_of(ports, each.name) or [each.port], instances)}
            for each in frontends
        ],
        "stats": _endpoints(stats, instances),
    }


def _endpoints(ports: Iterable[int], instances: Sequence[Instance]) -> list[dict[str, Any]]:
    private = [address for each in instances for address in each.private]
    public = [address for each in instances for address in each.public]
    return [{"port": port, "private": private, "public": public} for port in ports]


def _of(ports: dict[str, list[int]], frontend: str) -> list[int]:
    # In the portable dialect a frontend that has its backend's name is called otherwise.
    return ports.get(frontend) or ports.get(f"{frontend}_in") or []


def _ports(text: str) -> dict[str, list[int]]:
    """The ports that are bound, by section."""
    found: dict[str, list[int]] = {}
    for section in parse(text).sections:
        for bind in section.named("bind"):
            port = bind.values[0].rpartition(":")[2] if bind.values else ""
            if port.isdecimal():
                found.setdefault(section.name, []).append(int(port))
    return found
