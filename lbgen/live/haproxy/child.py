"""HAProxy as lbgen's own: started in master-worker mode, and left serving when lbgen ends without stopping it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from lbgen.check.binary import find_binary
from lbgen.control import master
from lbgen.control.complaints import alerts, complaints
from lbgen.errors import ToolError
from lbgen.live.contract import Process, Reloaded
from lbgen.live.haproxy import server_state
from lbgen.live.haproxy.messages import Messages
from lbgen.live.haproxy.private import Private, command_line, started
from lbgen.live.haproxy.runtime import ThroughMaster

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# What lbgen needs to log in somewhere is nobody's business in a load balancer.
_SECRETS = frozenset({"DCOS_SERVICE_ACCOUNT_CREDENTIAL", "MARATHON_PASSWORD", "MARATHON_USER", "VAULT_TOKEN"})
_PAUSE = 0.02
_STDERR = 2
_LEFT_BEHIND = 0.5


class Limits(NamedTuple):
    """How many seconds HAProxy may take to start, to reload, and to end what it serves.

    `old_workers` is how many workers from before the last reload may go on with the connections that they have; the
    oldest are ended when there are more.
    """

    start: float = 30
    reload: float = 60
    stop: float = 10
    old_workers: int = 10


_LIMITS = Limits()


class Child:
    """The HAProxy that serves the file `config`; everything that belongs to it is in `directory`.

    One that runs already, since the lbgen before this one was killed, is adopted. `arguments` are added to its command
    line, `environment` stands in for this process's own. Its logs go where lbgen's go.
    """

    def __init__(
        self,
        config: Path,
        directory: Path,
        *,
        binary: str | None = None,
        arguments: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        limits: Limits = _LIMITS,
    ) -> None:
        self._config = config.absolute()
        self._private = Private(directory)
        self._binary = binary
        self._arguments = tuple(arguments)
        self._environment = environment
        self._limits = limits
        self._messages = Messages(self._private.messages)
        self._address = str(self._private.master)
        self._started: subprocess.Popen[bytes] | None = None
        self._adopted: tuple[int, str] | None = None

    def start(self) -> None:
        """Starts HAProxy, or has the one that runs read the file; raises ToolError where the file is not served."""
        self._private.enter()
        if not self._runs_already():
            self._start()
            return
        self._refuse_other_file()
        if not self._answers(self._limits.start):
            msg = f"HAProxy runs as process {self._master()}, but does not answer"
            raise ToolError(msg)
        outcome = self.reload()
        if not outcome.served:
            msg = f"HAProxy goes on with what it served before: {outcome.message}"
            raise ToolError(msg)

    def reload(self) -> Reloaded:
        """Has it read the file on disk; where it refuses, it goes on with what it served before."""
        begin = time.monotonic()
        if self._master() is None:
            return Reloaded(False, "HAProxy does not run", 0)
        note = self._save_state()
        mark = self._messages.mark()
        try:
            outcome = master.reload(self._address, self._limits.reload, lambda: self._master() is not None)
        except (ToolError, OSError) as error:
            return Reloaded(False, str(error), time.monotonic() - begin)
        self._end_oldest()
        said = note if outcome.served else _first_words(outcome.answer + self._messages.since(mark))
        return Reloaded(outcome.served, said, time.monotonic() - begin)

    def alive(self) -> bool:
        """Whether a worker takes connections; while the master starts itself anew, it is given a moment."""
        return self._master() is not None and self._answers(3)

    def processes(self) -> list[Process]:
        """The workers, the one that takes connections first."""
        seen = master.processes(self._address)
        if seen is None or seen.serving is None:
            return []
        old = (Process(each.pid, each.reloads) for each in seen.old if each.pid != seen.serving)
        return [Process(seen.serving, 0), *old]

    def runtime(self) -> ThroughMaster:
        """The runtime API, which a child has always."""
        return ThroughMaster(self._address)

    def stop(self) -> None:
        """Ends it: what it serves is finished first, for a bounded time."""
        pid = self._master()
        if pid is not None:
            _signal(pid, signal.SIGUSR1)
            if not _until(lambda: self._master() is None, self._limits.stop):
                _signal(pid, signal.SIGTERM)
                if not _until(lambda: self._master() is None, self._limits.stop):
                    _kill_group(pid)
                    _until(lambda: self._master() is None, self._limits.stop)
            self._private.pid_file.unlink(missing_ok=True)
        self._private.leave()

    def _start(self) -> None:
        binary = find_binary(self._binary)
        if binary is None:
            where = f"at {self._binary}" if self._binary else "on this machine"
            msg = f"there is no HAProxy {where}"
            raise ToolError(msg)
        mark = self._messages.mark()
        self._private.pid_file.unlink(missing_ok=True)
        process = self._started = self._run(binary)
        if not master.wait_until_ready(self._address, lambda: process.poll() is None, self._limits.start):
            ended = process.poll() is not None
            _kill_group(process.pid)
            process.wait()
            said = self._messages.since(mark)
            late = "" if ended else f" within {self._limits.start:g} s"
            msg = f"HAProxy did not start{late}: {_first_words(said)}"
            raise ToolError(msg, help="\n".join(complaints(said)))

    def _runs_already(self) -> bool:
        """Whether there is a master; one that starts itself anew just now is given a moment to show."""
        left_behind = self._started is None and self._private.pid_file.exists()
        return _until(lambda: self._master() is not None, _LEFT_BEHIND if left_behind else 0)

    def _refuse_other_file(self) -> None:
        pid = self._master()
        if pid is not None and str(self._config) not in command_line(pid):
            msg = f"the HAProxy that runs as process {pid} serves another file than {self._config}"
            raise ToolError(msg, help="end it, or give each its own directory")

    def _run(self, binary: str) -> subprocess.Popen[bytes]:
        socket, pid_file = f"{self._address},mode,600", str(self._private.pid_file)
        command = [binary, "-W", "-db", "-S", socket, "-p", pid_file, "-f", str(self._config), *self._arguments]
        try:
            with self._messages.open() as errors:
                # A session of its own: neither a closed terminal nor whoever ends lbgen's group ends HAProxy.
                return subprocess.Popen(  # noqa: S603 - the binary is the one that the operator names
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=_STDERR,
                    stderr=errors,
                    env=self._variables(),
                    start_new_session=True,
                )
        except OSError as error:
            msg = f"cannot run {binary}: {error.strerror}"
            raise ToolError(msg) from error

    def _variables(self) -> dict[str, str]:
        given = os.environ if self._environment is None else self._environment
        return {name: value for name, value in given.items() if name not in _SECRETS}

    def _master(self) -> int | None:
        """The pid of the master, None where it does not run."""
        if self._started is not None:
            return self._started.pid if self._started.poll() is None else None
        if self._adopted is None and (pid := self._private.running()) is not None:
            since = started(pid)
            self._adopted = (pid, since) if since is not None else None
        if self._adopted is not None and started(self._adopted[0]) != self._adopted[1]:
            self._adopted = None
        return self._adopted[0] if self._adopted is not None else None

    def _answers(self, seconds: float) -> bool:
        """Whether the master answers within that time that a worker takes connections."""
        return _until(lambda: bool(self.processes()) or self._master() is None, seconds) and bool(self.processes())

    def _save_state(self) -> str:
        """Keeps what is known of servers for the next worker; says why, where that cannot be."""
        try:
            server_state.save(self.runtime(), self._config.read_text(encoding="utf-8", errors="replace"))
        except (OSError, ValueError) as error:
            return f"the state of the servers was not kept: {error}"
        return ""

    def _end_oldest(self) -> None:
        """Ends the oldest workers where there are more than may be."""
        seen = master.processes(self._address)
        old = [each.pid for each in seen.old if each.pid != seen.serving] if seen else []
        for pid in old[self._limits.old_workers :]:
            _signal(pid, signal.SIGTERM)


def _first_words(said: str) -> str:
    """What HAProxy complains about, in one line."""
    found = alerts(said) or said.strip().splitlines()[-1:] or ["it said nothing"]
    return "; ".join(" ".join(each.split()) for each in found)


def _until(done: Callable[[], bool], seconds: float) -> bool:
    """Whether it came to be within that time."""
    deadline = time.monotonic() + seconds
    while not (found := done()) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it may just have ended
        os.kill(pid, number)


def _kill_group(pid: int) -> None:
    """Ends the master and all its workers at once; they are a group of their own."""
    with suppress(ProcessLookupError, PermissionError):  # it may just have ended
        os.killpg(pid, signal.SIGKILL)
