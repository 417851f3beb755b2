"""What the tests of HAProxy under lbgen share: the binary of this machine, and free ports."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from integration.live_haproxy.fleet import Fleet
from lbgen.check.binary import find_binary
from lbgen.live.haproxy.child import Child, Limits
from lbgen.testing import run_haproxy
from lbgen.testing.plugin import give_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lbgen.testing import Haproxy

# A machine that is busy with other tests may take its time; nothing waits that long where all is well.
PATIENT = Limits(start=120, reload=120, stop=60, old_workers=50)

CONFIG = """\
global
  log stdout format raw local0 emerg
  stats socket {directory}/stats.sock mode 600 level admin expose-fd listeners
  server-state-file global
  server-state-base {directory}/state
defaults
  mode http
{options}  load-server-state-from-file global
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend front
  bind 127.0.0.1:{port}
  default_backend web
"""


@pytest.fixture(scope="session")
def binary() -> str:
    """The HAProxy of this machine; skips, or in CI fails, where it has none."""
    found = find_binary()
    if found is None:
        give_up("needs HAProxy on this machine")
    return found


class Place:
    """A short directory with a configuration, and a port of 127.0.0.1 that nobody listens on."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.file = directory / "haproxy.cfg"
        self.run = directory / "run"

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def stats(self) -> str:
        return str(self.directory / "stats.sock")

    def write(self, says: str, more: str = "", options: str = "") -> str:
        """Writes a configuration whose every answer is this word; the text that is on disk now."""
        rule = f'http-request return status 200 content-type text/plain string "{says}"'
        return self.put(f"backend web\n  {rule}\n{more}", options)

    def put(self, lines: str, options: str = "") -> str:
        """Writes a configuration whose frontend leads to the backend `web` of these lines."""
        text = CONFIG.format(directory=self.directory, port=self.port, options=options) + lines
        self.file.write_text(text)
        return text


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, and that the kernel gives to nobody who asks for any."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@pytest.fixture(scope="session")
def haproxy(haproxy_image: str) -> Iterator[Haproxy]:
    """A HAProxy of each version in turn, in a container; each test gives it a configuration of its own."""
    with run_haproxy(Fleet(random.Random(0)).text(), engine="container", image=haproxy_image) as started:
        yield started


@pytest.fixture
def place() -> Iterator[Place]:
    """A place for one HAProxy; whatever master still runs there at the end is killed."""
    directory = Path(tempfile.mkdtemp(prefix="lbgen-live-"))
    try:
        yield Place(directory)
    finally:
        _kill(directory)
        shutil.rmtree(directory, ignore_errors=True)


def _kill(directory: Path) -> None:
    """Ends every process that was started with a file of the directory."""
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and os.fsencode(f"{directory}/") in (entry / "cmdline").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)


@pytest.fixture
def child(place: Place, binary: str) -> Iterator[Callable[..., Child]]:
    """Makes an lbgen's HAProxy of the place; those that were made are stopped at the end, if they can be."""
    with ExitStack() as stack:

        def make(limits: Limits = PATIENT) -> Child:
            made = Child(place.file, place.run, binary=binary, limits=limits)
            stack.callback(made.stop)
            return made

        yield make


def until(done: Callable[[], bool], seconds: float = 120) -> None:
    """Returns once it is so; fails where that takes too long even for a busy machine."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.02)
