"""HAProxy as lbgen's own: started in master-worker mode, and left serving when lbgen ends without stopping it."""

from __future__ import annotations

import logging
import signal
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from lbgen.check.binary import find_binary
from lbgen.control import master
from lbgen.control.complaints import complaints
from lbgen.errors import ToolError
from lbgen.live.contract import Process, Reloaded
from lbgen.live.haproxy import server_state
from lbgen.live.haproxy.anew import obstacle
from lbgen.live.haproxy.ending import end, kill_group, send, until
from lbgen.live.haproxy.messages import Messages, in_one_line
from lbgen.live.haproxy.private import Private, children
from lbgen.live.haproxy.process import MasterProcess
from lbgen.live.haproxy.runtime import ThroughMaster
from lbgen.live.haproxy.workers import workers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_MOMENT = 2

log = logging.getLogger("lbgen.live")


class Limits(NamedTuple):
    """How many seconds HAProxy may take to start, or to say nothing; to reload; and to end what it serves.

    `old_workers` is how many workers from before the last reload may go on with the connections that they have; the
    oldest are ended when there are more.
    """

    start: float = 30
    reload: float = 60
    stop: float = 7
    old_workers: int = 10


_LIMITS = Limits()


class Child:
    """The HAProxy that serves the file `config`; what belongs to it is in `directory`, the socket perhaps in `sockets`.

    One that runs already, since the lbgen before this one was killed, is adopted. `arguments` are added to its command
    line, `environment` stands in for this process's own. Its logs go where lbgen's go. Once `stop` is set, none is
    started any more. One thread may stop it while another does anything else.
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
        sockets: Path | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self._config = config.absolute()
        self._private = Private(directory, sockets)
        self._binary = binary
        self._arguments = tuple(arguments)
        self._environment = environment
        self._limits = limits
        self._messages = Messages(self._private.messages)
        self._address = str(self._private.master)
        self._process = MasterProcess(self._private)
        self._stop = stop or threading.Event()
        self._starting = threading.Lock()
        self._hurries = False
        self._heard_at = time.monotonic()

    def start(self) -> None:
        """Starts HAProxy, or has the one that runs read the file; raises ToolError where the file is not served."""
        self._private.enter()
        if not self._process.find() or not self._wakes():
            self._start()
            return
        outcome = self.reload()
        if not outcome.served:
            msg = f"HAProxy goes on with what it served before: {outcome.message}"
            raise ToolError(msg)

    def reload(self) -> Reloaded:
        """Has it read the file on disk; where it refuses, it goes on with what it served before."""
        begin = time.monotonic()
        pid = self._process.pid
        if pid is None:
            return Reloaded(False, "HAProxy does not run", 0)
        if why := obstacle(pid):
            return Reloaded(False, why, time.monotonic() - begin)
        note = server_state.keep(self.runtime(), self._config)
        mark = self._messages.mark()
        try:
            outcome = master.reload(self._address, self._limits.reload, lambda: self._process.pid is not None)
        except (ToolError, OSError) as error:
            return Reloaded(False, str(error), time.monotonic() - begin, known=self._process.pid is None)
        self._end_oldest()
        said = note if outcome.served else in_one_line(outcome.answer + self._messages.since(mark))
        return Reloaded(outcome.served, said, time.monotonic() - begin)

    def alive(self) -> bool:
        """Whether a worker takes connections: where the master says nothing, as while it reads, any that it has."""
        self._messages.trim()
        pid = self._process.pid
        if pid is None:
            return False
        seen = master.processes(self._address)
        if seen is not None:
            self._heard_at = time.monotonic()
            return seen.serving is not None
        if not self._private.master.exists():
            self._open_again(pid)
        return bool(children(pid)) or time.monotonic() - self._heard_at < self._limits.start

    def processes(self) -> list[Process]:
        """The workers, the one that takes connections first."""
        return workers(self._address)

    def runtime(self) -> ThroughMaster:
        """The runtime API, which a child has always."""
        return ThroughMaster(self._address)

    def stop(self) -> None:
        """Ends it: what it serves is finished first, for a bounded time. One of another lbgen is left alone."""
        with self._starting:
            if not self._private.entered and not self._enters():
                return
            pid = self._process.pid
        if pid is not None:
            end(pid, self._address, lambda: self._process.pid is None, self._limits.stop, lambda: self._hurries)
            with suppress(OSError):
                self._private.pid_file.unlink(missing_ok=True)
        self._private.leave()

    def hurry(self) -> None:
        """Has `stop`, in another thread or later, wait for nobody."""
        self._hurries = True

    def _enters(self) -> bool:
        """Whether there is a directory that nobody uses; one that lbgen has not made says of no HAProxy."""
        try:
            if self._private.directory.is_dir():
                self._private.enter()
        except ToolError:
            return False
        return self._private.entered

    def _start(self) -> None:
        binary = find_binary(self._binary)
        if binary is None:
            where = f"at {self._binary}" if self._binary else "on this machine"
            msg = f"there is no HAProxy {where}"
            raise ToolError(msg)
        mark = self._messages.mark()
        with self._starting:
            if self._stop.is_set():
                msg = "HAProxy is not started: lbgen ends"
                raise ToolError(msg)
            self._clear()
            words = ("-f", str(self._config), *self._arguments)
            process = self._process.start(binary, words, self._messages, self._environment)
        if not master.wait_until_ready(self._address, lambda: process.poll() is None, self._limits.start):
            ended = process.poll() is not None
            kill_group(process.pid)
            process.wait()
            said = self._messages.since(mark)
            late = "" if ended else f" within {self._limits.start:g} s"
            msg = f"HAProxy did not start{late}: {in_one_line(said)}"
            raise ToolError(msg, help="\n".join(complaints(said)))
        self._heard_at = time.monotonic()

    def _clear(self) -> None:
        """Removes what says something of a HAProxy that is no more; where that cannot be, HAProxy will say so."""
        with suppress(OSError):
            self._private.pid_file.unlink(missing_ok=True)
            # It tells who was down at the last reload, which may be long ago.
            server_state.forget(self._config)

    def _wakes(self) -> bool:
        """Whether the master that runs answers, and so can be reloaded; if not, it is none any more."""
        self._refuse_other_file()
        if self._answers(self._limits.start if self._private.master.exists() else _MOMENT):
            return True
        pid = self._process.pid
        if pid is not None and not self._private.master.exists():
            self._open_again(pid)
            if self._answers(self._limits.start):
                return True
        if pid is not None and children(pid):
            # It may be reading its file, which takes long where names cannot be resolved: its workers serve on.
            msg = f"HAProxy runs as process {pid}, but does not answer"
            raise ToolError(msg)
        if pid is not None:
            log.error("HAProxy runs as process %d, but serves nobody and does not answer: it is ended", pid)
            kill_group(pid)
            until(lambda: self._process.pid is None, self._limits.stop)
        return self._process.pid is not None

    def _open_again(self, pid: int) -> None:
        """Has the master open its socket again, which somebody may have removed. It reads the file, too."""
        if why := obstacle(pid):
            log.warning("%s", why)
            return
        log.warning("HAProxy's master is not heard at its socket, and is to open it again")
        send(pid, signal.SIGUSR2)
        until(self._private.master.exists, _MOMENT)

    def _refuse_other_file(self) -> None:
        if not self._process.serves(str(self._config)):
            pid = self._process.pid
            msg = f"the HAProxy that runs as process {pid} serves another file than {self._config}"
            raise ToolError(msg, help="end it, or give each its own directory")

    def _answers(self, seconds: float) -> bool:
        """Whether the master that runs answers within that time."""
        until(lambda: self._heard() or self._process.pid is None or self._stop.is_set(), seconds)
        return self._process.pid is not None and self._heard()

    def _heard(self) -> bool:
        return master.processes(self._address) is not None

    def _end_oldest(self) -> None:
        """Ends the oldest workers where there are more than may be."""
        seen = master.processes(self._address)
        old = [each.pid for each in seen.old if each.pid != seen.serving] if seen else []
        for pid in old[self._limits.old_workers :]:
            send(pid, signal.SIGTERM)
