"""Emulated load balancers as processes of this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lbgen.control import master
from lbgen.emulate.engine import CONFIG, STAND_INS, TIMEOUT, Hearing
from lbgen.errors import ToolError
from lbgen.testing.leftovers import is_left, named, owner, runs
from lbgen.testing.ready import HaproxyDidNotStart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lbgen.emulate.doors import Doors, Wall
    from lbgen.emulate.engine import Layout

PREFIX = "lbgen-emulate-"
_OWNER = "owner"
_OLD = 3600
# A path of a socket has some 100 characters.
_LONGEST, _SHORT = 60, "/tmp"  # noqa: S108 - what is made there has a name that nobody can guess


class Directory:
    """A temporary directory of its own, which says whose it is, and which processes live in it."""

    def __init__(self) -> None:
        usual = tempfile.gettempdir()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=usual if len(usual) < _LONGEST else _SHORT))
        self._lines = [owner()]
        self._write()

    def note(self, pid: int) -> None:
        """Has whoever finds the directory without its owner end this process."""
        self._lines.append(named(pid))
        self._write()

    def close(self) -> None:
        """Removes the directory."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _write(self) -> None:
        (self.path / _OWNER).write_text("\n".join(self._lines))


def remove_left_directories() -> int:
    """Ends and removes what was left by runs that were killed; how many there were."""
    count = 0
    for place in {tempfile.gettempdir(), _SHORT}:
        for path in Path(place).glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError):
                count += _removed(path)
    return count


def _removed(path: Path) -> bool:
    found = path.lstat()
    if found.st_uid != os.getuid() or path.is_symlink():
        return False
    try:
        owned, *processes = (path / _OWNER).read_text().split("\n")
    except FileNotFoundError:
        # Whoever began it has had the time to say so.
        if time.time() - found.st_mtime < _OLD:
            return False
        owned, processes = "", []
    if owned and not is_left(owned):
        return False
    for process in processes:
        if runs(process):
            with contextlib.suppress(OSError):
                os.killpg(int(process.partition("/")[0]), signal.SIGKILL)
    shutil.rmtree(path, ignore_errors=True)
    return True


class BinaryEngine:
    """Starts a binary of this machine."""

    shares_ports = True

    def __init__(self, binary: str, tool: str, directory: Directory) -> None:
        self.tool = tool
        self._binary = binary
        self._directory = directory

    def root(self, number: int) -> str:
        """A directory below that of this run."""
        return str(self._directory.path / str(number))

    def bound(self, wall: Wall, port: int, taken: Iterable[int], host: str) -> tuple[str, int]:  # noqa: ARG002 - as in Engine
        """The very port of this machine."""
        return f"{host}:{port}", port

    def behind(self, doors: Doors, wanted: int, taken: Iterable[int]) -> list[int]:  # noqa: ARG002 - as in Engine
        """Free ports of this machine."""
        return [doors.inner() for _ in range(wanted)]

    def start(self, number: int, layout: Layout, host: str, log: Callable[[str], None]) -> _Pair:  # noqa: ARG002 - as in Engine
        """Both as processes; returns when they serve, raises HaproxyDidNotStart or ToolError where they do not."""
        root = Path(self.root(number))
        _lay(root, layout.files)
        return _Pair(self._binary, root, self._directory, log)

    def close(self) -> None:
        """Nothing: the directory is the run's."""


class _Pair:
    """The HAProxy that is emulated, and the one that plays its servers."""

    def __init__(self, binary: str, root: Path, directory: Directory, log: Callable[[str], None]) -> None:
        self._root = root
        self._processes: list[_Process] = []
        try:
            for config in (STAND_INS, CONFIG):
                self._processes.append(_Process(binary, root, config, log))
                directory.note(self._processes[-1].pid)
                # The first health check must find the stand-ins there.
                self._processes[-1].wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def reload(self, layout: Layout) -> bool:
        """Reloads the stand-ins, then what they stand behind; where that is refused, the files are as they were."""
        before = {name: _content(self._root / name) for name in layout.files}
        _lay(self._root, layout.files)
        try:
            for process in self._processes:
                process.reload()
        except HaproxyDidNotStart:
            _lay(self._root, {name: content for name, content in before.items() if content is not None})
            with contextlib.suppress(HaproxyDidNotStart, ToolError):
                self._processes[0].reload()
            raise
        return True

    def is_alive(self) -> bool:
        """Whether both run."""
        return all(process.is_alive() for process in self._processes)

    def said(self) -> str:
        """The last that the emulated one said."""
        return self._processes[-1].said()

    def stop(self) -> None:
        """Ends both."""
        for process in reversed(self._processes):
            process.stop()


class _Process:
    """One HAProxy in master-worker mode."""

    def __init__(self, binary: str, root: Path, config: str, log: Callable[[str], None]) -> None:
        self._master = str(root / f"{config.partition('.')[0]}.sock")
        self._hearing = Hearing(log)
        command = [binary, "-W", "-db", "-S", self._master, "-f", str(root / config)]
        environment = {**os.environ, "LBGEN_STAND_INS": str(root / "standins.tsv")}
        try:
            # A group of its own: Ctrl-C is lbgen's to hear, and ends HAProxy in order.
            self._process = subprocess.Popen(  # noqa: S603 - the binary that the user names
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                process_group=0,
            )  # fmt: skip
        except OSError as error:
            raise ToolError(f"cannot run {binary}: {error.strerror}") from None
        self.pid = self._process.pid
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_until_ready(self) -> None:
        """Returns once it serves; raises HaproxyDidNotStart where it does not."""
        if not master.wait_until_ready(self._master, self.is_alive, TIMEOUT):
            self.stop()
            raise HaproxyDidNotStart(self.said())

    def reload(self) -> None:
        """Has it read its files; raises HaproxyDidNotStart where it refuses them."""
        before = len(self.said())
        if not master.reload(self._master, TIMEOUT).served:
            raise HaproxyDidNotStart(self.said()[before:] or self.said(), "refuses the new configuration")

    def is_alive(self) -> bool:
        """Whether the master runs."""
        return self._process.poll() is None

    def said(self) -> str:
        """The last that it said, other than of requests."""
        return self._hearing.said()

    def stop(self) -> None:
        """Ends the master and its workers."""
        if self.is_alive():
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(3)
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join(3)
        if self._process.stdout is not None and not self._reader.is_alive():
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None  # it is a pipe  # noqa: S101
        with contextlib.suppress(ValueError, OSError):
            for line in self._process.stdout:
                self._hearing.hear(line.decode("utf-8", "replace"))


def _lay(root: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
