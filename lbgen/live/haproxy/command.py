"""The command that reloads somebody else's HAProxy: which one it is, and running it for a bounded time."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from lbgen.errors import UsageError

_MOST = 64 * 1024
# Where services are described, what is there where they run, and what reloads HAProxy; the first that is found counts.
# In a container the package brings the description, and nobody runs services.
_SYSTEMCTL = ("systemctl", "reload", "haproxy")
_SERVICES = (
    ("etc/init/haproxy.conf", ".", ("reload", "haproxy")),
    ("usr/lib/systemd/system/haproxy.service", "run/systemd/system", _SYSTEMCTL),
    ("lib/systemd/system/haproxy.service", "run/systemd/system", _SYSTEMCTL),
    ("etc/systemd/system/haproxy.service", "run/systemd/system", _SYSTEMCTL),
    ("etc/init.d/haproxy", "run/haproxy.pid", ("/etc/init.d/haproxy", "reload")),
    ("etc/init.d/haproxy", "var/run/haproxy.pid", ("/etc/init.d/haproxy", "reload")),
)


class Done(NamedTuple):
    """How the command ended: whether well, and what it wrote or why it did not, in one line."""

    well: bool
    said: str


def split(text: str) -> tuple[str, ...]:
    """The words of a command, as a shell would cut them; no shell sees it. Raises UsageError where it has none."""
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        msg = f"the command {text!r} cannot be cut into words: {error}"
        raise UsageError(msg) from None
    if not words:
        msg = "the command is empty"
        raise UsageError(msg)
    return words


def of_service(root: Path = Path("/")) -> tuple[str, ...] | None:
    """The command that reloads HAProxy as a service of this machine, None where it is none."""
    found = (row for row in _SERVICES if (root / row[0]).exists() and (root / row[1]).exists())
    return next((command for _, _, command in found), None)


def run(command: tuple[str, ...], seconds: float) -> Done:
    """Runs the command; after so many seconds it and all that it has started is ended."""
    # In a file, since what the command leaves running may hold a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(  # noqa: S603 - the command is the operator's
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        except OSError as error:
            return Done(False, f"cannot run {command[0]}: {error.strerror}")
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            _kill(process)
            return Done(False, f"{command[0]} did not end within {seconds:g} s")
        except BaseException:
            _kill(process)
            raise
        output.seek(0)
        said = " ".join(output.read(_MOST).decode(errors="replace").split())
    if status == 0:
        return Done(True, said)
    how = f"ended by signal {-status}" if status < 0 else f"ended with status {status}"
    return Done(False, f"{command[0]} {how}" + (f": {said}" if said else ""))


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
