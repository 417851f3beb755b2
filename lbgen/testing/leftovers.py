"""Removal of containers and networks whose test process was killed before it could remove them."""

from __future__ import annotations

import contextlib
import os
import socket
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

LABEL = "org.lbgen.testing.owner"


@cache
def owner() -> str:
    """What the label of everything that this process starts says: host, pid, and when the process began."""
    return f"{socket.gethostname()}/{named(os.getpid())}"


def named(pid: int) -> str:
    """A process, told apart from later ones of the same pid."""
    return f"{pid}/{_began(pid)}"


def is_left(owner: str) -> bool:
    """Whether the owner was a process of this host that runs no more."""
    host, _, process = owner.partition("/")
    return host == socket.gethostname() and process[:1].isdigit() and not runs(process)


def runs(process: str) -> bool:
    """Whether the process runs that `named` gave this name."""
    pid, _, began = process.partition("/")
    return pid.isdigit() and _runs(int(pid), began)


@cache
def remove_leftovers(client: Any) -> int:
    """Removes what processes of this host left behind that run no more; how many things that were.

    Once for each client; what another process removes at the same time is no error.
    """
    filters = {"label": LABEL}
    # Sparse: a container that another process removes in between is not asked about.
    listed = client.containers.list(all=True, filters=filters, sparse=True)
    containers = [each for each in listed if _is_left(each.attrs.get("Labels") or {})]
    networks = [each for each in client.networks.list(filters=filters) if _is_left(each.attrs.get("Labels") or {})]
    return _removed(containers, force=True, v=True) + _removed(networks)


def _is_left(labels: dict[str, str]) -> bool:
    return is_left(labels.get(LABEL, ""))


def _runs(pid: int, began: str) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, and alive
        return _began(pid) == began
    return _began(pid) == began


def _began(pid: int) -> str:
    """When the process began, in ticks since boot; "" where the system does not tell: then the pid has to do."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def _removed(things: Iterable[Any], **options: bool) -> int:
    import docker

    count = 0
    for thing in things:
        with contextlib.suppress(docker.errors.APIError):
            thing.remove(**options)
            count += 1
    return count
