"""HAProxy in throw-away containers, with nothing of lbgen in between but the text of a configuration."""

from __future__ import annotations

import http.client
import ssl
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import docker
from docker.types import Ulimit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from docker.models.containers import Container

LABEL = "lbgen.integration"


class _TLSConnection(http.client.HTTPConnection):
    """HTTP over TLS, whatever the certificate, to a server name that no resolver knows."""

    server_name = ""

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.sock = context.wrap_socket(self.sock, server_hostname=self.server_name)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `headers` in lower case, repeated ones joined by a comma."""

    status: int
    body: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Running:
    """A container that runs."""

    container: Container

    def answers(self, path: str, port: int, **how: Any) -> str | int:
        """The body of the answer to `GET path` where its status is 200, else the status."""
        answer = self.get(path, port, **how)
        return answer.body if answer.status == 200 else answer.status

    @property
    def address(self) -> str:
        """Its address on the first of its networks."""
        self.container.reload()
        networks = self.container.attrs["NetworkSettings"]["Networks"]
        return str(next(iter(networks.values()))["IPAddress"])

    def log(self) -> str:
        """Everything that was written to stdout and stderr."""
        return b"".join(self.container.logs(stream=True, follow=False)).decode()

    def execute(self, script: str, user: str = "") -> str:
        """What the shell script printed; it must succeed."""
        status, output = self.container.exec_run(["bash", "-c", script], user=user)
        assert isinstance(output, bytes)
        assert status == 0, output
        return output.decode()

    def get(
        self, path: str, port: int, *, headers: Mapping[str, str] | None = None, tls_name: str | None = None
    ) -> Answer:
        """The answer to `GET path`; over TLS where a server name is given."""
        make = http.client.HTTPConnection if tls_name is None else _TLSConnection
        connection = make(self.address, port, timeout=20)
        if isinstance(connection, _TLSConnection):
            connection.server_name = tls_name or ""
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            response = connection.getresponse()
            body = response.read().decode()
        finally:
            connection.close()
        names = {name.lower() for name, _ in response.getheaders()}
        return Answer(response.status, body, {name: response.getheader(name) or "" for name in names})

    def wait_until_healthy(self) -> None:
        """Returns when port 9090 says that HAProxy runs; raises AssertionError with its log where it never does."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                if self.get("/_haproxy_health_check", 9090).status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log())


@contextmanager
def container(
    image: str,
    command: Sequence[str],
    mounts: Mapping[Path, str],
    *,
    user: str = "0",
    open_files: int = 20000,
    **settings: Any,
) -> Iterator[Running]:
    """A container with these directories mounted read-only, removed afterwards whatever happens.

    The command takes the place of the image's entry point, which may add options of its own.
    """
    with closing(docker.from_env()) as engine:
        made = engine.containers.create(
            image,
            entrypoint=list(command),
            user=user,
            labels={LABEL: ""},
            volumes={str(path): {"bind": inside, "mode": "ro"} for path, inside in mounts.items()},
            ulimits=[Ulimit(name="nofile", soft=open_files, hard=open_files)],
            **settings,
        )
        try:
            made.start()
            yield Running(made)
        finally:
            made.remove(force=True)


def checked(image: str, mounts: Mapping[Path, str]) -> tuple[int, str]:
    """Exit status and output of `haproxy -c -V -dD` on /conf/haproxy.cfg."""
    command = ["haproxy", "-c", "-V", "-dD", "-f", "/conf/haproxy.cfg"]
    with container(image, command, mounts, network_mode="none") as ran:
        status = ran.container.wait()["StatusCode"]
        return status, ran.log()
