"""Where the sockets of one lbgen and its HAProxy are: the name of a socket may not be long, that of a directory may."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import NamedTuple

from lbgen.errors import ToolError

# What fits into the address of a socket, with what HAProxy puts behind it while it starts.
LONGEST = 90
_MASTER = "master.sock"
_SHORT = Path("/tmp")  # noqa: S108 - a directory there, of this user alone


class Sockets(NamedTuple):
    """The directories of sockets: of lbgen's own, and of HAProxy's."""

    own: Path
    haproxy: Path

    def make(self) -> None:
        """Makes the directory that is not in the state directory, where there is one; raises ToolError."""
        if self.own == self.haproxy:
            make_private(self.own)


def sockets_of(state: Path) -> Sockets:
    """Where they are for this state directory: in it, or, where its name is too long, in a directory in /tmp."""
    found = Sockets(state, state / "haproxy")
    if fits(found.haproxy):
        return found
    try:
        owner = state.stat().st_uid
    except OSError:
        owner = os.geteuid()
    digest = hashlib.sha256(os.fsencode(state.absolute())).hexdigest()[:16]
    short = _SHORT / f"lbgen-{owner}-{digest}"
    return Sockets(short, short)


def fits(directory: Path) -> bool:
    """Whether the name of the directory is short enough for a socket of HAProxy in it."""
    return len(os.fsencode(directory / _MASTER)) <= LONGEST


def make_private(directory: Path) -> None:
    """Makes the directory, for this user alone; raises ToolError where it is somebody else's, or cannot be."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
            directory.chmod(0o700)
            return
    except OSError as error:
        msg = f"cannot use the directory {directory}: {error.strerror or error}"
        raise ToolError(msg) from error
    msg = f"{directory} is no directory of this user"
    raise ToolError(msg)
