"""A server in a process of its own, which can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ANNOUNCED = "lbgen: Edge-LB's API is on "
_SECONDS = 60


class Process:
    """`lbgen serve edge-lb` on a free port of loopback."""

    def __init__(self, data: Path, *options: str) -> None:
        self._log = data.parent / f"{data.name}-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "lbgen", "serve", "edge-lb", "--data", str(data), "--listen", "127.0.0.1:0"]
        environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen([*command, *options], stdout=log, stderr=log, env=environ)
        try:
            self.url = self._announced()
        except BaseException:
            self.kill()
            raise

    @property
    def log(self) -> str:
        """What it has said."""
        return self._log.read_text()

    def _announced(self) -> str:
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            for line in self.log.splitlines():
                if line.startswith(_ANNOUNCED):
                    return line.removeprefix(_ANNOUNCED).partition(",")[0]
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"the server does not begin: {self.log}")

    def kill(self) -> None:
        """Ends it as a power cut would, as far as a process can tell."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Asks it to end; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_SECONDS)
