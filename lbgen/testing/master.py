"""The command line of HAProxy's master process: how a test learns that HAProxy is ready, and how it reloads."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, NamedTuple

from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSE = 0.02


class Processes(NamedTuple):
    """What `show proc` tells: how often the master was reloaded, and the current worker's pid, None while it lacks."""

    reloads: int
    worker: int | None


def ask(address: tuple[str, int], command: str, timeout: float = 10) -> str:
    """The master's answer to one command; a command that begins with `@1` goes to the worker.

    Raises OSError where nobody answers within `timeout` seconds.
    """
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(command.encode() + b"\n")
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode(errors="replace")


def processes(address: tuple[str, int]) -> Processes | None:
    """The master's list of processes, None while the master does not answer."""
    try:
        rows = [line.split() for line in ask(address, "show proc", 2).splitlines()]
    except OSError:
        return None
    master = next((row for row in rows if row[1:2] == ["master"]), None)
    if master is None:
        return None
    # 2.2 has a column more, the relative pid, that later versions dropped.
    column = 3 if "<relative" in rows[0] else 2
    workers = [int(row[0]) for row in rows if row[1:2] == ["worker"] and "[was:" not in row and row[column] == "0"]
    return Processes(int(master[column]), workers[0] if workers else None)


def wait_until_ready(address: tuple[str, int], is_alive: Callable[[], bool], timeout: float) -> bool:
    """Whether a worker came to serve within `timeout` seconds; False at once when the process has ended."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if _serves(address):
            return True
        if not is_alive():
            return False
        time.sleep(_PAUSE)
    return False


def reload(address: tuple[str, int], timeout: float) -> bool:
    """Has the master read its configuration again; whether a new worker serves it, and it alone.

    Raises ToolError where neither success nor failure shows within `timeout` seconds.
    """
    before = processes(address)
    answer = _reload_answer(address, timeout)
    deadline = time.monotonic() + timeout
    if answer.startswith("Success="):  # 2.7 and later answer when it is done
        served: bool | None = answer.startswith("Success=1")
    else:
        served = _until(deadline, lambda: _reloaded(address, before))
    # A worker that has not heard yet that it is an old one would go on taking connections.
    if served is not None and (not served or _until(deadline, lambda: _is_alone(address))):
        return served
    msg = f"HAProxy did not finish its reload within {timeout:g} s"
    raise ToolError(msg)


def _until(deadline: float, ask_now: Callable[[], bool | None]) -> bool | None:
    """The first answer that is not None; None where there is none before the deadline."""
    while time.monotonic() < deadline:
        found = ask_now()
        if found is not None:
            return found
        time.sleep(_PAUSE)
    return None


def _reloaded(address: tuple[str, int], before: Processes | None) -> bool | None:
    """Whether a worker came of the reload; None while that is open."""
    after = processes(address)
    # Up to 2.6 the master answers again once the new configuration has been loaded or refused.
    if before is None or after is None or after.reloads <= before.reloads:
        return None
    return after.worker is not None


def _is_alone(address: tuple[str, int]) -> bool | None:
    """True once every old worker is gone or takes no more connections, None before."""
    try:
        _, _, rest = ask(address, "show proc", 2).partition("# old workers\n")
    except OSError:
        return None
    old = [row.split()[0] for row in rest.partition("#")[0].splitlines() if row.strip()]
    return None if any(_takes_connections(address, pid) for pid in old) else True


def _takes_connections(address: tuple[str, int], pid: str) -> bool:
    """Whether the worker does; one of 2.2 that is about to end may not even answer."""
    try:
        return "\nStopping: 0\n" in ask(address, f"@!{pid} show info", 1)
    except OSError:
        return False


def _serves(address: tuple[str, int]) -> bool:
    """Whether the current worker answers; from 3.1 on the master lists it before it has read its configuration."""
    seen = processes(address)
    if seen is None or seen.worker is None:
        return False
    try:
        return f"Pid: {seen.worker}\n" in ask(address, "@1 show info", 2)
    except OSError:
        return False


def _reload_answer(address: tuple[str, int], timeout: float) -> str:
    try:
        return ask(address, "reload", timeout)
    except ConnectionError:  # up to 2.6 the master may hang up while it starts itself anew
        return ""
