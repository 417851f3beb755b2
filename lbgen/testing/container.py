"""HAProxy in containers: each site is a network of its own, on which containers go by their real names.

Why stubs are containers too, and no threads of the test process: a thread on the engine's bridge address is cut off by
many a host firewall, does not exist at all where the engine runs in a virtual machine or on another host (Docker
Desktop, a remote engine, Docker in Docker in CI), and can take a port such as 6443 only once. On a network of their own
names resolve as in production, every port is free, and tests run side by side. The test itself comes in through
published ports, the one way that works with every engine.

Files are copied into the container before it starts; nothing is mounted, so a remote engine will do. Every container
and network carries a label that says which process it belongs to; those whose process was killed are removed before
the next start.
"""

from __future__ import annotations

import contextlib
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from lbgen.errors import ToolError
from lbgen.testing.engine import CONFIG_PATH, Address
from lbgen.testing.leftovers import LABEL, owner, remove_leftovers
from lbgen.testing.listen import ports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docker.models.networks import Network
    from testcontainers.core.container import DockerContainer

    from lbgen.testing.engine import Program

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@cache
def engine_problem() -> str:
    """Why no container engine can be used, "" if one answers; asked once in the life of the process."""
    import docker

    try:
        client = docker.from_env(timeout=10)
        with contextlib.closing(client):
            client.ping()
    except (docker.errors.DockerException, OSError) as error:
        return str(error).strip() or type(error).__name__
    return ""


def is_here(image: str) -> bool:
    """Whether the engine has the image already."""
    import docker

    with contextlib.closing(docker.from_env()) as client:
        try:
            client.images.get(image)
        except docker.errors.ImageNotFound:
            return False
    return True


def image_problem(image: str) -> str:
    """Why the image cannot be used, "" if it is here or could be pulled."""
    import docker

    if is_here(image):
        return ""
    with contextlib.closing(docker.from_env()) as client:
        try:
            client.images.pull(image)
        except docker.errors.APIError as error:
            return f"{image} is not here and cannot be pulled: {error.explanation or error}"
    return ""


class ContainerSite:
    """A network and the containers on it; all of them run the same image."""

    def __init__(self, image: str) -> None:
        from testcontainers.core.docker_client import DockerClient

        self._image = image
        self._instances: list[ContainerInstance] = []
        self._client = DockerClient()
        remove_leftovers(self._client.client)
        labels = {LABEL: owner()}
        self._network: Network = self._client.client.networks.create(f"lbgen-{uuid4().hex[:12]}", labels=labels)

    def start(self, program: Program) -> ContainerInstance:
        """The program in a container; raises ToolError where the engine refuses to make or start it."""
        import docker

        host = self._client.host()
        instance = ContainerInstance(
            self._container(program, host), str(self._network.name), host, _master_port(program)
        )
        self._instances.append(instance)
        try:
            instance.start()
        except docker.errors.DockerException as error:
            instance.stop()
            msg = f"the container engine could not start {self._image}: {error}"
            raise ToolError(msg) from error
        return instance

    def close(self) -> None:
        """Removes the containers that are left, and the network."""
        import docker

        for instance in self._instances:
            instance.stop()
        with contextlib.closing(self._client.client), contextlib.suppress(docker.errors.NotFound):
            self._network.remove()

    def _container(self, program: Program, host: str) -> DockerContainer:
        from docker.types import EndpointConfig
        from testcontainers.core.container import DockerContainer

        name = str(self._network.name)
        endpoint = EndpointConfig("1.30", aliases=list(program.hosts))
        container = DockerContainer(self._image).with_envs(**program.environment)
        container.with_kwargs(
            entrypoint=["haproxy"], network=name, networking_config={name: endpoint}, labels={LABEL: owner()}
        )
        container.with_command(["-W", "-db", "-S", f"0.0.0.0:{_master_port(program)}", "-f", CONFIG_PATH])
        for path, content in {CONFIG_PATH: program.config.encode(), **program.files}.items():
            container.with_copy_into_container(content, path)
        # With an engine on this machine nobody else needs to reach what a test starts.
        binding: Any = ("127.0.0.1",) if host in _LOOPBACK else None
        published = _ports(program) if program.published else []
        container.ports.update({str(port): binding for port in (*published, _master_port(program))})
        return container


class ContainerInstance:
    """An HAProxy in a container."""

    def __init__(self, container: DockerContainer, network: str, host: str, master_port: int) -> None:
        self._container = container
        self._network = network
        self._host = "127.0.0.1" if host in _LOOPBACK else host
        self._master_port = master_port
        self._published: dict[int, int] = {}
        self._ip = ""
        self._stopped = False

    def start(self) -> None:
        """Creates and starts the container, and learns where it can be reached."""
        self._container.start()
        wrapped = self._container.get_wrapped_container()
        wrapped.reload()
        settings = wrapped.attrs["NetworkSettings"]
        self._ip = settings["Networks"][self._network]["IPAddress"]
        published = {name: places for name, places in (settings["Ports"] or {}).items() if places}
        self._published = {
            int(name.partition("/")[0]): int(places[0]["HostPort"]) for name, places in published.items()
        }

    def address(self, port: int) -> Address:
        """Where the port is published, else the container's own address, which a native engine lets us reach."""
        if port in self._published:
            return Address(self._host, self._published[port])
        return Address(self._ip, port)

    def inner_address(self, port: int) -> Address:
        """The container's address on the network of its site."""
        return Address(self._ip, port)

    def master(self) -> Address:
        """Where the master's command line answers."""
        return self.address(self._master_port)

    def logs(self) -> str:
        """What HAProxy wrote until now; standard output and error in the order of their writing."""
        return self._container.get_wrapped_container().logs().decode(errors="replace")

    def write(self, config: str) -> None:
        """Replaces the configuration that the next reload reads."""
        self.lay({CONFIG_PATH: config.encode()})

    def lay(self, files: Mapping[str, bytes]) -> None:
        """Lays files at their absolute paths, in place of those that are there."""
        for path, content in files.items():
            self._container.copy_into_container(content, path)

    def is_alive(self) -> bool:
        """Whether the container runs."""
        wrapped = self._container.get_wrapped_container()
        wrapped.reload()
        return bool(wrapped.status == "running")

    def stop(self) -> None:
        """Removes the container."""
        import docker

        if not self._stopped:
            self._stopped = True
            with contextlib.suppress(docker.errors.NotFound):
                self._container.stop()


def _ports(program: Program) -> list[int]:
    return sorted({*ports(program.config, program.environment), *program.ports})


def _master_port(program: Program) -> int:
    taken = set(_ports(program))
    return next(port for port in range(47999, 1024, -1) if port not in taken)
