"""The directory that belongs to one lbgen and its HAProxy: nobody else gets in, and no second lbgen at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from lbgen.errors import ToolError
from lbgen.live.haproxy.sockets import fits, make_private


class Private:
    """The directory, and the lock that is held from `enter` to `leave`, or until the process ends however it does.

    The sockets may be in another directory, whose name is shorter.
    """

    def __init__(self, directory: Path, sockets: Path | None = None) -> None:
        self.directory = directory
        self._sockets = sockets or directory
        self._lock: int | None = None

    @property
    def master(self) -> Path:
        """The master's socket."""
        return self._sockets / "master.sock"

    @property
    def master_words(self) -> tuple[str, str]:
        """The words of HAProxy's command line that have its master open its socket, for this user alone."""
        return "-S", f"{self.master},mode,600"

    @property
    def pid_file(self) -> Path:
        """Where HAProxy writes the master's pid."""
        return self.directory / "haproxy.pid"

    @property
    def messages(self) -> Path:
        """What HAProxy says of itself."""
        return self.directory / "haproxy.messages"

    def running(self) -> int | None:
        """The pid of the master that runs here, None where none does: whoever has got its pid by now is not it.

        Also None for the moment in which the master starts itself anew and writes its pid file again.
        """
        try:
            pid = int(self.pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if self._is_ours(pid) else None

    def left_behind(self) -> int | None:
        """The pid of a master that runs here and has no pid file, such as one that was starting when lbgen was killed.

        None where there is none.
        """
        pids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]
        ours = {pid for pid in pids if self._is_ours(pid)}
        # Its workers were started with the same words.
        return next((pid for pid in sorted(ours) if _parent(pid) not in ours), None)

    def _is_ours(self, pid: int) -> bool:
        return self.master_words[1] in command_line(pid)

    @property
    def entered(self) -> bool:
        """Whether the lock is held."""
        return self._lock is not None

    def enter(self) -> None:
        """Makes the directory and takes the lock; raises ToolError where either cannot be."""
        if self._lock is not None:
            return
        if not fits(self._sockets):
            msg = f"the directory {self._sockets} has too long a name for a socket in it"
            raise ToolError(msg, help="choose a shorter one")
        for directory in (self.directory, self._sockets):
            make_private(directory)
        try:
            self._lock = _locked(self.directory / "lock")
        except OSError as error:
            msg = f"cannot use the directory {self.directory}: {error.strerror or error}"
            raise ToolError(msg) from error
        if self._lock is None:
            msg = f"another lbgen uses the directory {self.directory}"
            raise ToolError(msg, help="each needs its own")

    def leave(self) -> None:
        """Lets go of the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def command_line(pid: int) -> list[str]:
    """The words that the process was started with; none where there is no such process, or none any more."""
    try:
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
    except OSError:
        return []


def children(pid: int) -> list[int]:
    """The pids of the processes that it has started; none where there is no such process, or nobody says."""
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _parent(pid: int) -> int:
    """The pid of the process that it came from, or that has adopted it; 0 where it is gone."""
    fields = _fields(pid)
    return int(fields[1]) if fields else 0


def started(pid: int) -> str | None:
    """When the process was started, in the machine's own count; None where there is no such process, or none any more.

    A process that goes on as another program keeps it.
    """
    fields = _fields(pid)
    return None if not fields or fields[0] in "ZX" else fields[19]


def _fields(pid: int) -> list[str]:
    """What the kernel tells of a process, from its state on; nothing where there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _locked(path: Path) -> int | None:
    """A descriptor that holds the lock, None where somebody else does; no program that is started inherits it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
