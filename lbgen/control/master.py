"""HAProxy's master process: which workers it has, whether they serve, and how it reloads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from lbgen.control.conversation import ask
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lbgen.control.conversation import Address

_PAUSE = 0.02
_PATIENCE = 10
_BUSY = "Another reload is still in progress"


class OldWorker(NamedTuple):
    """A worker from before the last reload: `reloads` is how many reloads ago it was started."""

    pid: int
    reloads: int


class Processes(NamedTuple):
    """What `show proc` tells: how often the master was reloaded, and its workers.

    `worker` is the pid of the one that came of the last reload, None where that failed or is not done; `old` are those
    from before, the youngest first. `master` is the master's own pid.
    """

    reloads: int
    worker: int | None
    old: tuple[OldWorker, ...] = ()
    master: int = 0

    @property
    def serving(self) -> int | None:
        """The worker that takes connections: where the last reload failed, the youngest of the old ones."""
        return self.worker if self.worker is not None or not self.old else self.old[0].pid


class Reload(NamedTuple):
    """Whether the new configuration is served, and what the master answered: nothing up to 2.6."""

    served: bool
    answer: str


def processes(address: Address, timeout: float = 2) -> Processes | None:
    """The master's list of processes, None while the master does not answer."""
    try:
        return read_processes(ask(address, "show proc", timeout))
    except OSError:
        return None


def read_processes(listing: str) -> Processes | None:
    """What `show proc` told, None where it is no such list, or breaks off as it does when the master begins anew."""
    try:
        return _read([line.split() for line in listing.splitlines()])
    except (IndexError, ValueError):
        return None


def _read(rows: list[list[str]]) -> Processes | None:
    master = next((row for row in rows if row[1:2] == ["master"]), None)
    if master is None:
        return None
    # 2.2 has a column more, the relative pid, that later versions dropped.
    column = 3 if "<relative" in rows[0] else 2
    workers = [row for row in rows if row[1:2] == ["worker"]]
    current = [int(row[0]) for row in workers if "[was:" not in row and row[column] == "0"]
    old = [OldWorker(int(row[0]), _reloads_ago(row, column)) for row in workers if int(row[0]) not in current]
    old.sort(key=lambda worker: worker.reloads)
    return Processes(int(master[column]), current[0] if current else None, tuple(old), int(master[0]))


def _reloads_ago(row: list[str], column: int) -> int:
    """How many reloads ago the worker was started; 2.2 writes the `[was: 1]` of old ones with a blank."""
    return int(row[column + 1] if "[was:" in row else row[column])


def wait_until_ready(address: Address, is_alive: Callable[[], bool], timeout: float) -> bool:
    """Whether a worker came to serve within `timeout` seconds; False at once when the process has ended."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if serves(address):
            return True
        if not is_alive():
            return False
        time.sleep(_PAUSE)
    return False


def reload(address: Address, timeout: float, is_alive: Callable[[], bool] = lambda: True) -> Reload:
    """Has the master read its configuration again; whether a new worker serves it, and it alone.

    Raises ToolError where neither success nor failure shows within `timeout` seconds, or while the master is alive.
    """
    before = processes(address)
    answer = _reload_answer(address, timeout)
    deadline = time.monotonic() + timeout
    if answer.startswith("Success="):  # 2.7 and later answer when it is done
        served: bool | None = answer.startswith("Success=1")
    else:
        served = _until(deadline, lambda: _reloaded(address, before), is_alive)
    # A worker that has not heard yet that it is an old one would go on taking connections.
    if served is not None and (not served or _until(deadline, _aloneness(address), is_alive)):
        return Reload(served, answer)
    msg = f"HAProxy did not finish its reload within {timeout:g} s" if is_alive() else "HAProxy ended while it reloaded"
    raise ToolError(msg)


def _until(deadline: float, ask_now: Callable[[], bool | None], is_alive: Callable[[], bool]) -> bool | None:
    """The first answer that is not None; None where there is none before the deadline, or while it is alive."""
    while time.monotonic() < deadline:
        found = ask_now()
        if found is not None:
            return found
        if not is_alive():
            return None
        time.sleep(_PAUSE)
    return None


def _reloaded(address: Address, before: Processes | None) -> bool | None:
    """Whether a worker came of the reload; None while that is open."""
    after = processes(address)
    if before is None or after is None:
        return None
    # Up to 2.6 the master answers again once the new configuration has been loaded or refused.
    if after.reloads > before.reloads:
        return after.worker is not None
    # One that has become another version begins to count anew.
    known = {before.worker, *(each.pid for each in before.old)}
    return True if after.worker not in {None, *known} and serves(address) else None


def _aloneness(address: Address) -> Callable[[], bool | None]:
    """What tells True once every old worker is gone or takes no more connections, and None before.

    A busy worker may need a moment for its answer. One that gives none at all is believed to be about to end.
    """
    patient_until = time.monotonic() + _PATIENCE

    def is_alone() -> bool | None:
        seen = processes(address)
        told = [_stops(address, each.pid) for each in seen.old] if seen else [None]
        if False in told or (None in told and time.monotonic() < patient_until):
            return None
        return True

    return is_alone


def _stops(address: Address, pid: int) -> bool | None:
    """Whether the worker takes no more connections, None where it does not say."""
    try:
        told = ask(address, f"@!{pid} show info", 2)
    except OSError:
        return None
    return None if "\nStopping: " not in told else "\nStopping: 0\n" not in told


def serves(address: Address) -> bool:
    """Whether the current worker answers; from 3.1 on the master lists it before it has read its configuration."""
    seen = processes(address)
    if seen is None or seen.worker is None:
        return False
    try:
        return f"Pid: {seen.worker}\n" in ask(address, "@1 show info", 2)
    except OSError:
        return False


def _reload_answer(address: Address, timeout: float) -> str:
    deadline = time.monotonic() + timeout
    while True:
        try:
            answer = ask(address, "reload", timeout)
        except ConnectionError:  # up to 2.6 the master may hang up while it starts itself anew
            return ""
        # From 3.1 on it takes no second one before the first one is done, which somebody else may have asked for.
        if _BUSY not in answer:
            return answer
        if time.monotonic() >= deadline:
            msg = f"HAProxy did not begin its reload within {timeout:g} s: another one is still in progress"
            raise ToolError(msg)
        time.sleep(_PAUSE)
