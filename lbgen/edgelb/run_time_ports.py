"""Ports that a pool leaves to run time: a variable in Edge-LB's dialect, else one that is chosen beforehand."""

from __future__ import annotations

import hashlib
from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.edgelb.said import Said, info

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from lbgen.edgelb.pool import Pool

STATS = "HAPROXY_STATS_PORT"
FRONTEND = "HAPROXY_FRONTEND_PORT"


@dataclass(slots=True)
class Ports:
    """What stands for each port that is chosen at run time, by the pointer to the frontend or the statistics."""

    ports: dict[str, str] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)


def variables(pool: Pool) -> Ports:
    """An environment variable for each port, which HAProxy reads when it starts."""
    made = Ports()
    for at, name, index in _open(pool):
        variable = STATS if index is None else f"{FRONTEND}{index}"
        made.ports[at] = f"${variable}"
        message = f"the port of {name} is chosen at run time: HAProxy takes it from the environment variable {variable}"
        made.said.append(info("port-at-run-time", f"{at}/bindPort", message))
    return made


def chosen(
    pool: Pool, allowed: range, reserved: Collection[int] = (), held: Mapping[int | None, int] | None = None
) -> Ports:
    """A free port for each, which depends on the pool's and the frontend's name and is the same in every run.

    None gets one that is `reserved`, but for those frontends for which one is `held`, by their position; that of the
    statistics is None.
    """
    made = Ports()
    used = {pool.stats.port, *(frontend.port for frontend in pool.frontends)}
    avoided = used.union(reserved)
    for at, name, index in _open(pool):
        own = (held or {}).get(index)
        port = own if own is not None and own not in used else _free(f"{pool.name} {name}", allowed, avoided)
        if port is None:
            message = f"no port from {allowed.start} to {allowed.stop - 1} is free for {name}"
            made.said.append(Said("no-free-port", f"{at}/bindPort", message, "give a wider range"))
            continue
        used.add(port)
        avoided.add(port)
        made.ports[at] = str(port)
        message = f"the port of {name} is chosen at run time: {port} is planned"
        made.said.append(info("port-at-run-time", f"{at}/bindPort", message, "give bindPort for a port of your own"))
    return made


def _open(pool: Pool) -> Iterator[tuple[str, str, int | None]]:
    """What has no port: its pointer, what to call it, and its position among the frontends."""
    if pool.stats.port == 0:
        yield pool.stats.at, "the statistics", None
    for index, frontend in enumerate(pool.frontends):
        if frontend.port == 0:
            yield frontend.at, f'the frontend "{frontend.name}"', index


def _free(what: str, allowed: range, used: set[int]) -> int | None:
    """The first free port behind one that depends on the name alone."""
    start = int(hashlib.sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16)
    ports = (allowed[(start + step) % len(allowed)] for step in range(len(allowed)))
    return next((port for port in ports if port not in used), None)
