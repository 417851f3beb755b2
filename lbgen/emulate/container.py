"""Emulated load balancers in containers: two for each, of one network, so that they reach each other at 127.0.0.1."""

from __future__ import annotations

import contextlib
import io
import tarfile
import threading
from typing import TYPE_CHECKING, Any

from lbgen.control import master
from lbgen.emulate.engine import CONFIG, STAND_INS, TIMEOUT, Hearing, PortTakenError
from lbgen.emulate.standins import free_numbers
from lbgen.errors import ToolError
from lbgen.regex import regex
from lbgen.testing.leftovers import LABEL, owner, remove_leftovers
from lbgen.testing.ready import HaproxyDidNotStart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lbgen.emulate.doors import Doors, Wall
    from lbgen.emulate.engine import Layout

_ROOT = "/lbgen"
_TAKEN = regex(r"port is already allocated|address already in use")
_MASTERS = {STAND_INS: 47998, CONFIG: 47999}


class ContainerEngine:
    """Starts containers of one image, which has `haproxy` on its path."""

    shares_ports = False

    def __init__(self, image: str, tell: Callable[[str], None]) -> None:
        import docker

        self._image = image
        self.tool = f"image {image}"
        try:
            self._client = docker.from_env()
            self._client.ping()
        except (docker.errors.DockerException, OSError) as error:
            raise ToolError("no container engine answers", help=f"start Docker or Podman ({error})") from None
        try:
            remove_leftovers(self._client)
            self._need_image(tell)
        except BaseException:
            self._client.close()
            raise

    def root(self, number: int) -> str:  # noqa: ARG002 - as in Engine
        """A directory in the containers."""
        return _ROOT

    def bound(self, wall: Wall, port: int, taken: Iterable[int], host: str) -> tuple[str, int]:  # noqa: ARG002 - as in Engine
        """The port itself, unless another address has it; the container has one address only."""
        used = {*taken, *_MASTERS.values()}
        inner = wall.port if wall.port not in used else free_numbers(1, used, 30001)[0]
        return f"*:{inner}", inner

    def behind(self, doors: Doors, wanted: int, taken: Iterable[int]) -> list[int]:  # noqa: ARG002 - as in Engine
        """Ports that the configuration does not listen on."""
        return free_numbers(wanted, {*taken, *_MASTERS.values()})

    def start(self, number: int, layout: Layout, host: str, log: Callable[[str], None]) -> _Pair:  # noqa: ARG002 - as in Engine
        """Both in containers; returns when they serve, raises HaproxyDidNotStart or ToolError where they do not."""
        return _Pair(self._client, self._image, layout, host, log)

    def close(self) -> None:
        """Lets go of the engine."""
        self._client.close()

    def _need_image(self, tell: Callable[[str], None]) -> None:
        import docker

        try:
            self._client.images.get(self._image)
        except docker.errors.ImageNotFound:
            tell(f"fetching the image {self._image}")
            try:
                self._client.images.pull(self._image)
            except docker.errors.APIError as error:
                raise ToolError(f"there is no image {self._image}: {error.explanation or error}") from None


class _Pair:
    """The container that plays the servers, which has the network and its ports, and the one that is emulated."""

    def __init__(self, client: Any, image: str, layout: Layout, host: str, log: Callable[[str], None]) -> None:
        import docker

        self._published = frozenset(layout.published.items())
        self._hearing = Hearing(log)
        self._containers: dict[str, Any] = {}
        self._threads: list[threading.Thread] = []
        try:
            self._start(client, image, layout, host)
        except docker.errors.APIError as error:
            self.stop()
            said = str(error.explanation or error)
            kind = PortTakenError if _TAKEN.search(said) else ToolError
            raise kind(f"the container engine could not start {image}: {said}") from None
        except BaseException:
            self.stop()
            raise

    def _start(self, client: Any, image: str, layout: Layout, host: str) -> None:
        ports: dict[str, Any] = {f"{inner}/tcp": (host, port) for inner, port in layout.published.items()}
        ports |= {f"{port}/tcp": ("127.0.0.1",) for port in _MASTERS.values()}
        archive = _archive(layout.files)
        for config in (STAND_INS, CONFIG):
            first = self._containers.get(STAND_INS)
            network = {"ports": ports} if first is None else {"network_mode": f"container:{first.id}"}
            container = client.containers.create(
                image,
                ["-W", "-db", "-S", f"0.0.0.0:{_MASTERS[config]}", "-f", f"{_ROOT}/{config}"],
                entrypoint=["haproxy"],
                environment={"LBGEN_STAND_INS": f"{_ROOT}/standins.tsv"},
                labels={LABEL: owner()},
                stop_signal="SIGTERM",
                **network,
            )
            self._containers[config] = container
            container.put_archive("/", archive)
            container.start()
            if config == STAND_INS:
                container.reload()
                published = container.attrs["NetworkSettings"]["Ports"]
                self._masters = {
                    name: ("127.0.0.1", int(published[f"{port}/tcp"][0]["HostPort"])) for name, port in _MASTERS.items()
                }
            # The first health check must find the stand-ins there.
            if not master.wait_until_ready(self._masters[config], self.is_alive, TIMEOUT):
                raise HaproxyDidNotStart(self._logs(config))
        self._listen()

    def reload(self, layout: Layout) -> bool:
        """Reloads the stand-ins, then what they stand behind; False where other ports have to be let in."""
        if not frozenset(layout.published.items()) <= self._published:
            return False
        archive = _archive(layout.files)
        for config, address in self._masters.items():
            self._containers[config].put_archive("/", archive)
            before = len(self._logs(config))
            if not master.reload(address, TIMEOUT).served:
                raise HaproxyDidNotStart(self._logs(config)[before:], "refuses the new configuration")
        return True

    def is_alive(self) -> bool:
        """Whether both run."""
        import docker

        try:
            for container in self._containers.values():
                container.reload()
        except docker.errors.APIError:
            return False
        return all(container.status == "running" for container in self._containers.values())

    def said(self) -> str:
        """The last that the emulated one said."""
        return self._hearing.said()

    def stop(self) -> None:
        """Removes both containers, the one that has the network last."""
        import docker

        for container in reversed(self._containers.values()):
            with contextlib.suppress(docker.errors.NotFound):
                container.remove(force=True, v=True)
        self._containers.clear()
        for thread in self._threads:
            thread.join(3)

    def _logs(self, config: str) -> str:
        return str(self._containers[config].logs().decode("utf-8", "replace"))

    def _listen(self) -> None:
        thread = threading.Thread(target=self._read, args=(self._containers[CONFIG],), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _read(self, container: Any) -> None:
        rest = b""
        with contextlib.suppress(Exception):  # the stream ends as the container does, in one way or another
            for chunk in container.logs(stream=True, follow=True):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    self._hearing.hear(line.decode("utf-8", "replace"))


def _archive(files: Mapping[str, bytes]) -> bytes:
    """The files below the root, as the engine takes them."""
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"{_ROOT.lstrip('/')}/{name}")
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return written.getvalue()
