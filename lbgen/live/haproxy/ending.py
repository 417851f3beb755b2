"""Ending a HAProxy: what it serves is finished first, for a bounded time; connections that nobody uses do not count."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from lbgen.control import master
from lbgen.control.conversation import ask

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSE = 0.02
_AT_ONCE = 2
# Between two looks at what is served, and how much longer that is than a look takes: with many sessions it takes long.
_LOOK, _RARELY = 0.1, 10
_MOST_LOOKS = 2.0


def end(pid: int, address: str, is_gone: Callable[[], bool], seconds: float, hurries: Callable[[], bool]) -> None:
    """Ends the master with this pid that answers at the address; returns when it is gone.

    It may serve on for so many seconds, until nobody is served, or until somebody `hurries`.
    """
    send(pid, signal.SIGUSR1)
    if _finishes(address, is_gone, time.monotonic() + seconds, hurries):
        return
    send(pid, signal.SIGTERM)
    if not until(is_gone, _AT_ONCE):
        kill_group(pid)
        until(is_gone, _AT_ONCE)


def until(done: Callable[[], bool], seconds: float) -> bool:
    """Whether it came to be within that time."""
    deadline = time.monotonic() + seconds
    while not (found := done()) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    return found


def send(pid: int, number: signal.Signals) -> None:
    """Sends the process a signal, if it is there."""
    with suppress(ProcessLookupError):  # it may just have ended
        os.kill(pid, number)


def kill_group(pid: int) -> None:
    """Ends the master and all its workers at once; they are a group of their own."""
    with suppress(ProcessLookupError, PermissionError):  # it may just have ended
        os.killpg(pid, signal.SIGKILL)


def _finishes(address: str, is_gone: Callable[[], bool], deadline: float, hurries: Callable[[], bool]) -> bool:
    """Whether it ends by itself before the deadline; False at once where it has nobody to wait for."""
    idle, next_look = 0, 0.0
    while not is_gone():
        now = time.monotonic()
        if now >= deadline or hurries():
            return False
        if now >= next_look:
            idle = idle + 1 if serves_nobody(address) else 0
            # Between two requests of one client, nobody is served for a moment.
            if idle == 2:
                return False
            next_look = now + min(_MOST_LOOKS, max(_LOOK, _RARELY * (time.monotonic() - now)))
        time.sleep(_PAUSE)
    return True


def serves_nobody(address: str) -> bool:
    """Whether no worker has a request that it answers, or a connection that it passes on; False where none says so."""
    seen = master.processes(address)
    if seen is None:
        return False
    pids = [each.pid for each in seen.old] + ([seen.worker] if seen.worker is not None else [])
    try:
        return not any(_in_use(ask(address, f"@!{pid} show sess", 2)) for pid in pids)
    except OSError:
        return False


def _in_use(told: str) -> bool:
    """Whether a session leads to a backend: until then nobody has been asked anything. GLOBAL is whoever asks this."""
    lines = (line for line in told.splitlines() if line.startswith("0x"))
    return any(" fe=GLOBAL " not in line and " be=<NONE> " not in line for line in lines)
