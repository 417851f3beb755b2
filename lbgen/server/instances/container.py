"""HAProxy as containers of this machine's engine, in the network of the machine and with its paths."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from lbgen.control import master
from lbgen.control.complaints import alerts
from lbgen.errors import ToolError
from lbgen.live.contract import Process, Reloaded
from lbgen.live.haproxy import server_state
from lbgen.live.haproxy.private import Private
from lbgen.live.haproxy.runtime import ThroughMaster
from lbgen.server.instances.engine import LIMITS, Said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lbgen.server.instances.places import Place

LABEL = "org.lbgen.pool"
_AS_STARTED = "org.lbgen.started-as"
_PAUSE = 0.05
_KNOWS = """defaults
  mode http
  option idle-close-on-response
  timeout connect 1s
  timeout client 1s
  timeout server 1s
listen l
  bind 127.0.0.1:1
"""


class Containers:
    """Containers of one image, which has `haproxy` on its path; raises ToolError where they cannot be had.

    `reads` are directories that HAProxy reads beside its own.
    """

    kind = "container"

    def __init__(self, image: str, root: Path, reads: Sequence[Path] = ()) -> None:
        import docker  # takes a while to import

        self._image = image
        self._root = root
        self._reads = [path.absolute() for path in reads]
        with told("no container engine answers"):
            self._client = docker.from_env()
            self._client.ping()
        with told(f"there is no image {image}"):
            self._need_image()
        self.patient = self._knows_patience()

    def haproxy(self, place: Place, environment: Mapping[str, str]) -> Contained:
        """The HAProxy of the place."""
        return Contained(self, place, environment)

    def runs(self, place: Place) -> bool:
        """Whether its container is there, and runs."""
        found = self.find(place)
        return found is not None and found.status == "running"

    def check(self, place: Place) -> Said:
        """What HAProxy says of the place's candidate: in the container that runs, or else in one for this alone."""
        command = ["haproxy", "-c", "-f", str(place.candidate)]
        with told("haproxy -c cannot be run"):
            running = self.find(place)
            if running is not None and running.status == "running":
                done = running.exec_run(command)
                return Said(int(done.exit_code), done.output.decode("utf-8", "replace"))
            return self._run(place, command[1:])

    def find(self, place: Place) -> Any | None:
        """The container of the place."""
        import docker

        try:
            with told("the container engine fails"):
                return self._client.containers.get(self.name(place))
        except docker.errors.NotFound:
            return None

    def name(self, place: Place) -> str:
        """What the container of the place is called."""
        whose = hashlib.sha256(os.fsencode(self._root)).hexdigest()[:8]
        return f"lbgen-pool-{whose}-{place.directory.name}"

    def create(self, place: Place, environment: Mapping[str, str], command: Sequence[str], **more: Any) -> Any:
        """A new container of the place, not started yet."""
        volumes = {str(path): {"bind": str(path), "mode": "ro"} for path in self._reads if path.exists()}
        volumes[str(place.directory)] = {"bind": str(place.directory), "mode": "rw"}
        return self._client.containers.create(
            self._image,
            list(command),
            entrypoint=["haproxy"],
            environment=dict(environment),
            volumes=volumes,
            # Whoever runs lbgen owns the files that HAProxy reads, and the socket that it makes.
            user=f"{os.geteuid()}:{os.getegid()}",
            cap_drop=["ALL"],
            cap_add=["DAC_READ_SEARCH", "NET_BIND_SERVICE"],
            security_opt=["no-new-privileges"],
            read_only=True,
            stop_signal="SIGUSR1",
            **more,
        )

    def started_as(self, environment: Mapping[str, str], command: Sequence[str]) -> str:
        """What tells containers apart that were started otherwise."""
        told_apart = (self._image, sorted(environment.items()), list(command), [str(path) for path in self._reads])
        return hashlib.sha256(repr(told_apart).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def _run(self, place: Place, command: Sequence[str]) -> Said:
        container = self.create(place, {}, command, network_mode="none", labels={LABEL: place.pool})
        try:
            container.start()
            status = container.wait(timeout=120)["StatusCode"]
            return Said(int(status), container.logs().decode("utf-8", "replace"))
        finally:
            with suppress(Exception):
                container.remove(force=True, v=True)

    def _need_image(self) -> None:
        import docker

        try:
            self._client.images.get(self._image)
        except docker.errors.ImageNotFound:
            self._client.images.pull(self._image)

    def _knows_patience(self) -> bool:
        from lbgen.server.instances.places import place_of

        place = place_of(self._root, "")
        try:
            place.make()
            place.candidate.write_text(_KNOWS)
            return self.check(place).status == 0
        except OSError as error:
            raise ToolError(f"cannot use the directory {self._root}: {error.strerror}") from None
        finally:
            for file in place.directory.glob("*"):
                file.unlink()
            if place.directory.is_dir():
                place.directory.rmdir()


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
        note = self._save_state()
        since = int(time.time())
        try:
            outcome = master.reload(self._address, LIMITS.reload, lambda: self._engine.runs(self._place))
        except (ToolError, OSError) as error:
            return Reloaded(False, str(error), time.monotonic() - begin)
        self._end_oldest()
        said = note if outcome.served else _first_words(outcome.answer + self._logs(since))
        return Reloaded(outcome.served, said, time.monotonic() - begin)

    def alive(self) -> bool:
        """Whether a worker takes connections."""
        return bool(self.processes())

    def processes(self) -> list[Process]:
        """The workers by their pids in the container, the one that takes connections first."""
        seen = master.processes(self._address)
        if seen is None or seen.serving is None:
            return []
        old = (Process(each.pid, each.reloads) for each in seen.old if each.pid != seen.serving)
        return [Process(seen.serving, 0), *old]

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
        return bool(found.status == "running" and found.labels.get(_AS_STARTED) == as_now) and _until(
            self.alive, LIMITS.start
        )

    def _start(self) -> None:
        labels = {LABEL: self._place.pool, _AS_STARTED: self._engine.started_as(self._environment, self._command)}
        with told("the container engine cannot start HAProxy"):
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
            said = _first_words(self._logs(0))
            with suppress(Exception):
                container.remove(force=True, v=True)
            raise ToolError(f"HAProxy did not start: {said}")

    def _end(self, found: Any) -> None:
        with told("the container engine cannot end HAProxy"):
            for signal in ("SIGUSR1", "SIGTERM"):
                if found.status != "running" or self._ended(found, signal):
                    break
            found.remove(force=True, v=True)

    def _ended(self, found: Any, signal: str) -> bool:
        import docker

        with suppress(docker.errors.APIError):  # it may just have ended
            found.kill(signal)
        return _until(lambda: not self._engine.runs(self._place), LIMITS.stop)

    def _save_state(self) -> str:
        try:
            text = self._place.config.read_text(encoding="utf-8", errors="replace")
            server_state.save(self.runtime(), text)
        except (OSError, ValueError) as error:
            return f"the state of the servers was not kept: {error}"
        return ""

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


@contextmanager
def told(what: str) -> Iterator[None]:
    """Raises ToolError in place of what the engine's client raises, but for what is not there."""
    import docker
    from requests.exceptions import RequestException

    try:
        yield
    except docker.errors.NotFound as error:
        if isinstance(error, docker.errors.ImageNotFound):
            raise ToolError(f"{what}: {error.explanation or error}") from None
        raise
    except (docker.errors.DockerException, RequestException) as error:
        raise ToolError(f"{what}: {getattr(error, 'explanation', None) or error}") from None


def _first_words(said: str) -> str:
    found = alerts(said) or said.strip().splitlines()[-1:] or ["it said nothing"]
    return "; ".join(" ".join(each.split()) for each in found)


def _until(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (found := done()) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    return found
