"""The HAProxy of one place as a container."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lbgen.control import master
from lbgen.errors import ToolError
from lbgen.live.contract import Process, Reloaded
from lbgen.live.haproxy import server_state
from lbgen.live.haproxy.ending import until
from lbgen.live.haproxy.messages import in_one_line
from lbgen.live.haproxy.private import Private
from lbgen.live.haproxy.runtime import ThroughMaster
from lbgen.live.haproxy.workers import workers
from lbgen.server.instances.engine import LIMITS
from lbgen.server.instances.failing import failing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.server.instances.container import Containers
    from lbgen.server.instances.places import Place

_AS_STARTED = "org.lbgen.started-as"


class Contained:
    """The HAProxy of one place as a container; one that runs already, as it would be started now, is adopted."""

    def __init__(self, engine: Containers, place: Place, environment: Mapping[str, str]) -> None:
        self._engine = engine
        self._place = place
        self._environment = environment
        self._private = Private(place.directory)
        self._address = str(self._private.master)
        self._command = ["-W", "-db", "-S", f"{self._address},mode,600", "-f", str(place.config)]

    def start(self) -> None:
        """Starts it, or has the one that runs read the file; raises ToolError where the file is not served."""
        self._private.enter()
        found = self._engine.find(self._place)
        if found is not None and self._adopts(found):
            outcome = self.reload()
            if not outcome.served:
                raise ToolError(f"HAProxy goes on with what it served before: {outcome.message}")
            return
        if found is not None:
            self._end(found)
        self._start()

    def reload(self) -> Reloaded:
        """Has it read the file on disk; where it refuses, it goes on with what it served before."""
        begin = time.monotonic()
        note = server_state.keep(self.runtime(), self._place.config)
        since = int(time.time())
        try:
            outcome = master.reload(self._address, LIMITS.reload, lambda: self._engine.runs(self._place))
        except (ToolError, OSError) as error:
            return Reloaded(False, str(error), time.monotonic() - begin, known=False)
        self._end_oldest()
        said = note if outcome.served else in_one_line(outcome.answer + self._logs(since))
        return Reloaded(outcome.served, said, time.monotonic() - begin)

    def alive(self) -> bool:
        """Whether a worker takes connections."""
        return bool(self.processes())

    def processes(self) -> list[Process]:
        """The workers by their pids in the container, the one that takes connections first."""
        return workers(self._address)

    def runtime(self) -> ThroughMaster:
        """The runtime API."""
        return ThroughMaster(self._address)

    def stop(self) -> None:
        """Ends it and removes the container: what it serves is finished first, for a bounded time."""
        found = self._engine.find(self._place)
        if found is not None:
            self._end(found)
        self._private.leave()

    def _adopts(self, found: Any) -> bool:
        as_now = self._engine.started_as(self._environment, self._command)
        return bool(found.status == "running" and found.labels.get(_AS_STARTED) == as_now) and until(
            self.alive, LIMITS.start
        )

    def _start(self) -> None:
        labels = {_AS_STARTED: self._engine.started_as(self._environment, self._command)}
        with failing("the container engine cannot start HAProxy"):
            container = self._engine.create(
                self._place,
                self._environment,
                self._command,
                name=self._engine.name(self._place),
                labels=labels,
                network_mode="host",
                log_config={"Type": "json-file", "Config": {"max-size": "10m", "max-file": "2"}},
            )
            container.start()
        if not master.wait_until_ready(self._address, lambda: self._engine.runs(self._place), LIMITS.start):
            said = in_one_line(self._logs(0))
            with suppress(Exception):
                container.remove(force=True, v=True)
            raise ToolError(f"HAProxy did not start: {said}")

    def _end(self, found: Any) -> None:
        import docker

        with failing("the container engine cannot end HAProxy"):
            for signal in ("SIGUSR1", "SIGTERM"):
                if found.status != "running" or self._ended(found, signal):
                    break
            with suppress(docker.errors.NotFound):  # somebody else may have removed it
                found.remove(force=True, v=True)

    def _ended(self, found: Any, signal: str) -> bool:
        import docker

        with suppress(docker.errors.APIError):  # it may just have ended
            found.kill(signal)
        return until(lambda: not self._engine.runs(self._place), LIMITS.stop)

    def _end_oldest(self) -> None:
        """Ends the oldest workers where there are more than may be; an image without a shell keeps them."""
        for old in self.processes()[1 + LIMITS.old_workers :]:
            with suppress(Exception):
                found = self._engine.find(self._place)
                if found is not None:
                    found.exec_run(["sh", "-c", f"kill -TERM {old.pid}"])

    def _logs(self, since: int) -> str:
        with suppress(Exception):
            found = self._engine.find(self._place)
            if found is not None:
                return str(found.logs(since=since or None, tail=200).decode("utf-8", "replace"))
        return ""
