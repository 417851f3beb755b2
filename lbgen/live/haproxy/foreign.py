"""Somebody else's HAProxy: lbgen writes its file, and has a command reload it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from lbgen.live.contract import Process, Reloaded
from lbgen.live.haproxy import command, server_state
from lbgen.live.haproxy.info import read_fields
from lbgen.live.haproxy.runtime import StatsSocket
from lbgen.live.haproxy.spacing import attempts

if TYPE_CHECKING:
    import threading
    from pathlib import Path

_PAUSE = 0.1


class Patience(NamedTuple):
    """How long HAProxy is waited for: `interval` seconds for a new worker, so many times as `retries` means it.

    `command` is how many seconds the command itself may take.
    """

    interval: float = 10
    retries: int = 10
    command: float = 60


_PATIENCE = Patience()


class Foreign:
    """The HAProxy that serves the file `config`, where `words` are the command that reloads it; None if nothing does.

    With the path of its stats socket, a reload is confirmed by a worker of another pid that answers there; without, by
    the command's exit status. Setting `stop` ends all waiting.
    """

    def __init__(
        self,
        config: Path,
        words: tuple[str, ...] | None,
        stop: threading.Event,
        *,
        stats_socket: str | None = None,
        patience: Patience = _PATIENCE,
    ) -> None:
        self._config = config
        self._words = words
        self._stop = stop
        self._runtime = StatsSocket(stats_socket) if stats_socket else None
        self._patience = patience

    def start(self) -> None:
        """Does nothing: who starts it is not known."""

    def reload(self) -> Reloaded:
        """Runs the command, again where HAProxy does not change; one that fails is not repeated."""
        begin = time.monotonic()
        if self._words is None:
            return Reloaded(False, "there is no command that reloads HAProxy", 0)
        before = self._pid()
        note = server_state.keep(self._runtime, self._config) if self._runtime is not None else ""
        for _ in attempts(self._patience.retries):
            done = command.run(self._words, self._patience.command)
            if not done.well:
                return Reloaded(False, done.said, time.monotonic() - begin)
            if self._runtime is None or self._changes(before):
                return Reloaded(True, note, time.monotonic() - begin)
            if self._stop.is_set():
                break
        still = f"its worker {before} still serves" if before else "no worker answers"
        said = f"{self._words[0]} ended well, but HAProxy was not reloaded: {still}"
        message = f"{said}; it said: {done.said}" if done.said else said
        return Reloaded(False, message, time.monotonic() - begin, known=False)

    def alive(self) -> bool:
        """Whether a worker answers; where nobody can be asked it is taken for granted."""
        return self._runtime is None or self._pid() is not None

    def processes(self) -> list[Process]:
        """The worker that answers, if one can be asked."""
        pid = self._pid()
        return [] if pid is None else [Process(pid, 0)]

    def runtime(self) -> StatsSocket | None:
        """The runtime API, where its socket is known."""
        return self._runtime

    def stop(self) -> None:
        """Leaves it alone."""

    def _changes(self, before: int | None) -> bool:
        """Whether a worker of another pid answers before the interval is over."""
        # Without a pause in between, the command would run all the time.
        deadline = time.monotonic() + max(self._patience.interval, _PAUSE)
        while True:
            pid = self._pid()
            if pid is not None and pid != before:
                return True
            if time.monotonic() >= deadline or self._stop.wait(_PAUSE):
                return False

    def _pid(self) -> int | None:
        """The pid of the worker that answers at the stats socket and takes connections."""
        if self._runtime is None:
            return None
        try:
            fields = read_fields(self._runtime.ask(["show info"])[0])
        except OSError:
            return None
        pid = fields.get("Pid", "")
        return int(pid) if pid.isdecimal() and fields.get("Stopping", "0") == "0" else None
