"""Containers of this machine's engine, in the network of the machine and with its paths."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lbgen.errors import ToolError
from lbgen.server.instances.contained import Contained
from lbgen.server.instances.engine import Said
from lbgen.server.instances.failing import failing
from lbgen.server.instances.places import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lbgen.server.instances.places import Place

LABEL = "org.lbgen.pool"
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

    `reads` are directories that HAProxy reads beside its own. Without an image containers can only be ended.
    """

    kind = "container"

    def __init__(self, image: str | None, root: Path, reads: Sequence[Path] = ()) -> None:
        import docker  # takes a while to import

        self._image = image
        self._root = root
        self._reads = [path.absolute() for path in reads]
        with failing("no container engine answers"):
            self._client = docker.from_env()
            self._client.ping()
        self.patient = False
        if image is not None:
            with failing(f"there is no image {image}"):
                self._need_image(image)
            self.patient = self._knows_patience()

    def haproxy(self, place: Place, environment: Mapping[str, str]) -> Contained:
        """The HAProxy of the place."""
        return Contained(self, place, environment)

    def runs(self, place: Place) -> bool:
        """Whether its container is there, and runs."""
        found = self.find(place)
        return found is not None and found.status == "running"

    def check(self, place: Place, environment: Mapping[str, str]) -> Said:
        """What HAProxy says of the place's candidate: in the container that runs, or else in one for this alone."""
        command = ["haproxy", "-c", "-f", str(place.candidate)]
        with failing("haproxy -c cannot be run"):
            running = self.find(place)
            if running is not None and running.status == "running":
                done = running.exec_run(command, environment=dict(environment))
                return Said(int(done.exit_code), done.output.decode("utf-8", "replace"))
            return self._run(place, environment, command[1:])

    def find(self, place: Place) -> Any | None:
        """The container of the place."""
        import docker

        with failing("the container engine fails"):
            try:
                return self._client.containers.get(self.name(place))
            except docker.errors.NotFound:
                return None

    def name(self, place: Place) -> str:
        """What the container of the place is called."""
        whose = hashlib.sha256(os.fsencode(self._root)).hexdigest()[:8]
        return f"lbgen-pool-{whose}-{place.directory.name}"

    def create(
        self,
        place: Place,
        environment: Mapping[str, str],
        command: Sequence[str],
        labels: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Any:
        """A new container of the place, not started yet."""
        volumes = {str(path): {"bind": str(path), "mode": "ro"} for path in self._reads}
        volumes[str(place.directory)] = {"bind": str(place.directory), "mode": "rw"}
        return self._client.containers.create(
            str(self._image),
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
            labels={LABEL: place.pool, **(labels or {})},
            **more,
        )

    def started_as(self, environment: Mapping[str, str], command: Sequence[str]) -> str:
        """What tells containers apart that were started otherwise."""
        told_apart = (self._image, sorted(environment.items()), list(command), [str(path) for path in self._reads])
        return hashlib.sha256(repr(told_apart).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def _run(self, place: Place, environment: Mapping[str, str], command: Sequence[str]) -> Said:
        container = self.create(place, environment, command, network_mode="none")
        try:
            container.start()
            status = container.wait(timeout=120)["StatusCode"]
            return Said(int(status), container.logs().decode("utf-8", "replace"))
        finally:
            with suppress(Exception):
                container.remove(force=True, v=True)

    def _need_image(self, image: str) -> None:
        import docker

        try:
            self._client.images.get(image)
        except docker.errors.ImageNotFound:
            self._client.images.pull(image)

    def _knows_patience(self) -> bool:
        place = place_of(self._root, "")
        try:
            place.make()
            place.candidate.write_text(_KNOWS)
            return self.check(place, {}).status == 0
        except OSError as error:
            raise ToolError(f"cannot use the directory {self._root}: {error.strerror}") from None
        finally:
            for file in place.directory.glob("*"):
                file.unlink()
            if place.directory.is_dir():
                place.directory.rmdir()
