"""`lbgen emulate` as a user starts it, asked and ended as a user does."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.testing.client import request, trusting
from lbgen.testing.engine import Address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lbgen.testing.client import Answer

ROOT = Path(__file__).parent.parent.parent
DEADLINE = 90.0


class Emulated:
    """A run of the command."""

    def __init__(self, process: subprocess.Popen[bytes], out: Path, err: Path) -> None:
        self.process = process
        self._out = out
        self._err = err

    @property
    def printed(self) -> str:
        """All of its standard output until now."""
        return self._out.read_text()

    @property
    def told(self) -> str:
        """All of its standard error until now."""
        return self._err.read_text()

    @property
    def directory(self) -> Path:
        """Where its files are."""
        found = re.search(r"\S*/lbgen-emulate-\w+", self.printed)
        assert found is not None, self.printed
        return Path(found[0])

    def port(self, port: int, balancer: str = "external") -> int:
        """The port of this machine that stands for a port of a balancer."""
        _, named, rest = self.printed.partition(f"== {balancer} ==\n")
        about = rest.partition("\n== ")[0] if named else self.printed
        found = re.search(rf"^ +{port} -> 127\.0\.0\.1:(\d+)$", about, re.MULTILINE)
        return int(found[1]) if found else port

    def get(self, port: int, path: str = "/", *, tls: str = "", balancer: str = "external", **headers: str) -> Answer:
        """The answer to a request; `tls` is the server name, and has the certificate verified."""
        context = trusting((self.directory / "ca.pem").read_bytes()) if tls else False
        return request(
            Address("127.0.0.1", self.port(port, balancer)),
            path,
            headers={key.replace("_", "-"): value for key, value in headers.items()},
            tls=context,
            server_name=tls or None,
        )

    def processes(self) -> list[str]:
        """The command lines of its HAProxys that run on this machine."""
        return [line for line in command_lines() if str(self.directory) in line]

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """The exit status, after this signal."""
        self.process.send_signal(how)
        return self.process.wait(DEADLINE)


@contextmanager
def emulate(place: Path, *arguments: str, wrapper: Sequence[str] = ()) -> Iterator[Emulated]:
    """The command with these arguments, up and serving; what it prints goes to files in the directory."""
    out, err = place / "out", place / "err"
    command = [*wrapper, sys.executable, "-m", "lbgen", "emulate", "--color", "never", *arguments]
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env={**os.environ}
        )
    ran = Emulated(process, out, err)
    try:
        until(lambda: "Ctrl-C ends it" in ran.printed or process.poll() is not None)
        assert process.poll() is None, ran.told
        yield ran
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until(met: Callable[[], bool]) -> None:
    """Returns once the condition holds; fails where it does not come to hold."""
    deadline = time.monotonic() + DEADLINE
    while not met():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def command_lines() -> list[str]:
    """The command lines of all processes of this machine."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found
