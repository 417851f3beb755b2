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
    """Has the master read its configuration again; whether a new worker serves it.

    Raises ToolError where neither success nor failure shows within `timeout` seconds.
    """
    before = processes(address)
    answer = _reload_answer(address, timeout)
    if answer.startswith("Success="):  # 2.7 and later answer when it is done
        return answer.startswith("Success=1")
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        after = processes(address)
        # Up to 2.6 the master answers again once the new configuration has been loaded or refused.
        if before is not None and after is not None and after.reloads > before.reloads:
            return after.worker is not None
        time.sleep(_PAUSE)
    msg = f"HAProxy did not finish its reload within {timeout:g} s"
    raise ToolError(msg)


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
