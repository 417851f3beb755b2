"""A PostgreSQL of our own, for as long as a test needs it."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Seconds that a busy machine may take to start a server, and to recover from a crash.
_PATIENCE = 240
_TRIES = 5
_DEBIAN = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """Where initdb and pg_ctl are, or None where PostgreSQL is not installed."""
    newest = sorted(_DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which("pg_ctl")
    places = [*newest, *([Path(found).parent] if found else [])]
    return next((place for place in places if (place / "initdb").exists()), None)


class PostgreSQL:
    """A running server; `url` is for those who know it as it is written in `--ports-db`."""

    def __init__(self, bin_: Path, directory: Path) -> None:
        self._bin = bin_
        self._data = directory / "data"
        self._log = directory / "log"
        self._port = 0
        self._user = _user()
        if self._user is not None:
            os.chown(directory, self._user.pw_uid, self._user.pw_gid)
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", "lbgen", "--no-sync")
        for _ in range(_TRIES):
            self._port = _free_port()
            if not (problem := self._started()):
                return
        raise AssertionError(problem)

    @property
    def url(self) -> str:
        """The database that every server has."""
        return f"postgresql://lbgen@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Starts the server again, and waits until it answers."""
        for _ in range(_TRIES):
            if not (problem := self._started()):
                return
            time.sleep(1)
        raise AssertionError(problem)

    def _started(self) -> str:
        """What is wrong, for example that somebody else has taken the port meanwhile."""
        # It is a process that crashes here and no machine: what it has written is there, with fsync or without.
        settings = ("listen_addresses=127.0.0.1", "unix_socket_directories=''", "fsync=off", "max_connections=200")
        options = " -c ".join((f"-p {self._port}", *settings))
        wait = ("-w", "-t", _PATIENCE)
        return self._problem("pg_ctl", "-D", self._data, "-l", self._log, *wait, "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stops the server: `immediate` is how a crash looks."""
        self._run("pg_ctl", "-D", self._data, "-m", mode, "-w", "-t", _PATIENCE, "stop")

    def _run(self, program: str, *arguments: object) -> None:
        problem = self._problem(program, *arguments)
        assert not problem, problem

    def _problem(self, program: str, *arguments: object) -> str:
        """What the program says where it fails; empty where it does not."""
        # PostgreSQL refuses to run as root.
        as_user = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        command = [str(self._bin / program), *map(str, arguments)]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd="/",
            **as_user,  # type: ignore[call-overload]
        )
        log = self._log.read_text(errors="replace")[-2000:] if self._log.exists() else ""
        return f"{program}: {done.stderr}{log}" if done.returncode else ""


def _user() -> pwd.struct_passwd | None:
    """Who runs it where we are root; None where we are somebody already."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(bin_: Path) -> Iterator[PostgreSQL]:
    """A server, which is stopped and forgotten at the end."""
    with tempfile.TemporaryDirectory(prefix="lbgen-postgresql-") as directory:
        Path(directory).chmod(0o755)
        server = PostgreSQL(bin_, Path(directory))
        try:
            yield server
        finally:
            server.stop("immediate")
