"""A check in a container: of any image with `haproxy` on its path, be there a shell or not."""

from __future__ import annotations

import io
import os
import socket
import tarfile
import time
from contextlib import contextmanager, suppress
from dataclasses import field
from pathlib import Path
from posixpath import join, normpath
from typing import TYPE_CHECKING, Any

from lbgen.check import machine
from lbgen.check.place import MOST_SECONDS, Run, TooSlowError, encoded
from lbgen.dataclass import dataclass
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from docker import DockerClient
    from docker.models.containers import Container

LABEL = "lbgen.check"
_WORK = "/lbgen-check"
_SOCKET = "unix:///var/run/docker.sock"
_ENGINE_HELP = "start Docker (or an engine that answers like it, named by DOCKER_HOST), or check with a haproxy binary"


def default_image(target: str) -> str:
    """The official image of a HAProxy version such as `3.2`."""
    return f"haproxy:{target}"


def engine_answers() -> bool:
    """Whether there is a container engine to ask."""
    try:
        with _engine() as client:
            return bool(client.ping())
    except ToolError:
        return False


@contextmanager
def container_place(
    image: str, environment: Mapping[str, str], *, diagnostics: bool, seconds: float = MOST_SECONDS, pull: bool = True
) -> Iterator[ContainerPlace]:
    """A container of this image, made for one run and removed at the end whatever happens.

    Raises ToolError where no container engine answers, or the image is not to be had.
    """
    with _engine() as client:
        _need_image(client, image, pull=pull)
        options = ["-dD"] if diagnostics else []
        container = client.containers.create(
            image,
            ["-c", "-V", "-dr", *options, "-f", join(_WORK, "haproxy.cfg")],
            entrypoint=["haproxy"],
            environment=dict(environment),
            working_dir=_WORK,
            network_mode="none",
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            labels={LABEL: "1"},
        )
        try:
            yield ContainerPlace(image, client, container, seconds)
        finally:
            with suppress(Exception):
                container.remove(force=True, v=True)


@contextmanager
def _engine() -> Iterator[DockerClient]:
    import docker  # 130 ms that only a check in a container should take
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    _need_socket()
    try:
        client = docker.from_env(timeout=int(MOST_SECONDS))
    except DockerException as error:
        raise ToolError(f"no container engine answers: {_reason(error)}", help=_ENGINE_HELP) from None
    try:
        yield client
    except (DockerException, RequestException) as error:
        raise ToolError(f"the container engine failed: {_reason(error)}", help=_ENGINE_HELP) from None
    finally:
        client.close()


def _need_socket() -> None:
    """Raises ToolError where nobody listens on the engine's socket: there, docker would leave its own end open."""
    scheme, _, path = os.environ.get("DOCKER_HOST", _SOCKET).partition("://")
    if scheme != "unix":
        return
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(path)
    except OSError as error:
        raise ToolError(f"no container engine answers at {path}: {error.strerror}", help=_ENGINE_HELP) from None


def _need_image(client: DockerClient, image: str, *, pull: bool) -> None:
    from docker.errors import DockerException, ImageNotFound

    try:
        client.images.get(image)
    except ImageNotFound:
        if not pull:
            sentence = f"the image {image} is not on this machine"
            raise ToolError(sentence, help="pull it, or check with a haproxy binary") from None
        try:
            client.images.pull(image)
        except DockerException as error:
            raise ToolError(
                f"the image {image} is not on this machine and cannot be pulled: {_reason(error)}",
                help="name another with --image, or check with a haproxy binary",
            ) from None


def _reason(error: Exception) -> str:
    """The last, most telling part of what an engine says."""
    explanation = getattr(error, "explanation", None)
    return str(explanation or error).strip().rstrip(".")


@dataclass(frozen=True, slots=True)
class ContainerPlace:
    """A container that is not running; files are put where the text expects them.

    `accounts` remembers what was read of its users and groups, `printed` the lengths of what its runs have printed.
    """

    image: str
    client: DockerClient
    container: Container
    seconds: float = MOST_SECONDS
    accounts: dict[str, frozenset[str]] = field(default_factory=dict)
    printed: list[int] = field(default_factory=list)
    rewrites = False
    # What the engine writes into /etc/resolv.conf says nothing about the network that HAProxy is to run in.
    name_servers = False

    @property
    def tool(self) -> str:
        """What is run, in words for the user."""
        return f"image {self.image}"

    @property
    def config_path(self) -> str:
        """The path under which HAProxy reads the configuration."""
        return join(_WORK, "haproxy.cfg")

    def has(self, path: str) -> bool:
        """Whether there is something at this path on this machine, from where it is brought, or in the image."""
        return Path(path).exists() or self._in_image(self.put_path(path))

    def brought(self, path: str, *, siblings: str = "") -> Mapping[str, bytes]:
        """The files of this machine at this path and beside it."""
        return machine.collect(path, siblings)

    def knows(self, account: str, *, group: bool) -> bool:
        """Whether the image has a user, or a group, of this name."""
        database = "/etc/group" if group else "/etc/passwd"
        if database not in self.accounts:
            lines = self._read(database).decode("utf-8", "replace").splitlines()
            self.accounts[database] = frozenset(line.partition(":")[0] for line in lines)
        return account in self.accounts[database]

    def put_path(self, path: str) -> str:
        """The absolute path at which a file for `path` is put."""
        return normpath(join(_WORK, path))

    def shown(self, text: str) -> str:
        """The text with the place's own paths replaced by those that the configuration names."""
        return text.replace(f"{_WORK}/", "")

    def run(self, text: str, files: Mapping[str, bytes], directories: Sequence[str]) -> Run:
        """Put the configuration and the files there, run `haproxy -c`, and return what came of it.

        Raises ToolError where the image has no HAProxy, or it does not end.
        """
        from docker.errors import APIError
        from requests.exceptions import ConnectionError, ReadTimeout  # noqa: A004

        archive = _archive({self.config_path: encoded(text), **files}, directories)
        self.container.put_archive("/", archive)
        try:
            self.container.start()
        except APIError as error:
            raise ToolError(
                f"HAProxy cannot be started in the image {self.image}: {_reason(error)}",
                help="name an image with haproxy on its path with --image",
            ) from None
        try:
            status = self.container.wait(timeout=self.seconds)["StatusCode"]
        except (ConnectionError, ReadTimeout):
            raise TooSlowError(f"HAProxy in the image {self.image} did not end within {self.seconds:g} s") from None
        printed = self.container.logs(stdout=True, stderr=True)
        output = printed[sum(self.printed) :].decode("utf-8", "surrogateescape")
        self.printed.append(len(printed) - sum(self.printed))
        # A process that a signal killed ends a container with 128 and the signal's number.
        return Run(128 - status if status > 128 else status, output)

    def _in_image(self, path: str) -> bool:
        api = self.client.api
        url = f"{api.base_url}/v{api.api_version}/containers/{self.container.id}/archive"
        answer = api.head(url, params={"path": path})
        return bool(answer.ok)

    def _read(self, path: str) -> bytes:
        from docker.errors import NotFound

        try:
            chunks, _ = self.container.get_archive(path)
        except NotFound:
            return b""
        with tarfile.open(fileobj=io.BytesIO(b"".join(chunks))) as archive:
            member = archive.next()
            content = archive.extractfile(member) if member is not None else None
            return content.read() if content is not None else b""


def _archive(files: Mapping[str, bytes], directories: Sequence[str]) -> bytes:
    """A tar of these files, readable by any user; directories above them are left to the engine to make."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path in directories:
            archive.addfile(_entry(path, type=tarfile.DIRTYPE, mode=0o755))
        for path, content in files.items():
            archive.addfile(_entry(path, size=len(content), mode=0o644), io.BytesIO(content))
    return buffer.getvalue()


def _entry(path: str, **attributes: Any) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path.lstrip("/"))
    entry.mtime = int(time.time())
    for name, value in attributes.items():
        setattr(entry, name, value)
    return entry
