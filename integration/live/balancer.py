"""`lbgen run marathon-lb` as a process, with a HAProxy of its own on ports that nobody else has."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HOST = "127.0.0.1"
_ROOT = Path(__file__).resolve().parents[2]
_HEAD = """global
  log stdout format raw local0
  stats socket {socket} expose-fd listeners
defaults
  log global
  mode http
  retries 3
  option redispatch
  option dontlognull
  timeout connect 3s
  timeout client 20s
  timeout server 20s
"""
_APP_IDS = "\nfrontend marathon_http_appid_in\n  bind {place}\n  mode http\n"


def free_port() -> int:
    """A port of this machine that nobody listens on, and that the kernel gives to nobody who asks for any."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port


def labels(**more: str) -> dict[str, str]:
    """Labels of an app that is served on this machine alone."""
    return {"HAPROXY_GROUP": "external", "HAPROXY_0_MODE": "http", "HAPROXY_0_BIND_ADDR": HOST, **more}


@dataclass
class Balancer:
    """The process; everything of it is below `directory`."""

    url: str
    directory: Path
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def config(self) -> Path:
        """The file that it writes."""
        return self.directory / "etc" / "haproxy.cfg"

    @property
    def log(self) -> str:
        """What it has told so far."""
        return (self.directory / "log").read_text(errors="replace")

    def prepare(self) -> None:
        """Writes templates, so that no fixed port is bound."""
        templates = self.directory / "templates"
        templates.mkdir(parents=True, exist_ok=True)
        (templates / "HAPROXY_HEAD").write_text(_HEAD.replace("{socket}", str(self.directory / "s")))
        place = f"{HOST}:{free_port()}"
        (templates / "HAPROXY_HTTP_FRONTEND_APPID_HEAD").write_text(_APP_IDS.replace("{place}", place))

    def start(self) -> None:
        """Starts it."""
        if not (self.directory / "templates").exists():
            self.prepare()
        command = [sys.executable, "-m", "lbgen", "run", "marathon-lb", "sse", "--group", "external"]
        command += ["-m", self.url, "--haproxy-config", str(self.config), "--state-dir", str(self.directory / "state")]
        command += ["--templates", str(self.directory / "templates"), "--dont-bind-http-https"]
        command += ["--connect-timeout", "60", *self.arguments]
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, **self.environment}, cwd=_ROOT
            )

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ends it, and returns how it ended."""
        assert self.process is not None
        self.process.send_signal(number)
        try:
            return self.process.wait(120)
        finally:
            self.process.kill()
            self.process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        assert self.process is not None
        self.process.send_signal(number)

    def wait_for(self, condition: Callable[[], bool], what: str, seconds: float = 120) -> None:
        """Returns once the condition holds; fails with what was told where it does not within the time."""
        assert self.process is not None
        until = time.monotonic() + seconds
        while not condition():
            ended = self.process.poll()
            assert ended is None, f"it ended with {ended}: {self.log[-3000:]}"
            assert time.monotonic() < until, f"{what} did not happen: {self.log[-3000:]}"
            time.sleep(0.05)

    def memory(self) -> float:
        """What it has in memory, in MiB."""
        assert self.process is not None
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def threads(self) -> int:
        """How many threads it has."""
        return self._count("task")

    def files(self) -> int:
        """How many files, sockets among them, it has open."""
        return self._count("fd")

    def _count(self, what: str) -> int:
        assert self.process is not None
        return len(list(Path(f"/proc/{self.process.pid}/{what}").iterdir()))

    def workers(self) -> list[int]:
        """The processes of its HAProxy, the master among them."""
        try:
            master = int((self.directory / "state" / "haproxy" / "haproxy.pid").read_text().split()[0])
            children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        except (OSError, IndexError):
            return []
        return [master, *map(int, children)]
