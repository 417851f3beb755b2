"""What runs the HAProxy of an emulated load balancer, and the one that plays the servers behind it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

from lbgen.dataclass import dataclass
from lbgen.emulate.requests import MARK, failure
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lbgen.emulate.doors import Doors, Wall

CONFIG = "haproxy.cfg"
STAND_INS = "standins.cfg"
TIMEOUT = 30.0
_REMEMBERED = 400


class PortTakenError(ToolError):
    """Somebody else took a port of this machine between its choice and its use."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What runs: files by name below the root, of which two are configurations, and the ports to be let in.

    `published` gives the port of this machine for each port that the HAProxy listens on.
    """

    files: Mapping[str, bytes]
    published: Mapping[int, int]


class Running(Protocol):
    """An emulated load balancer that runs."""

    def reload(self, layout: Layout) -> bool:
        """Has it serve this in place of what it serves; False where it has to be started anew for that.

        Raises HaproxyDidNotStart where HAProxy refuses it; what was served goes on being served.
        """

    def is_alive(self) -> bool:
        """Whether both HAProxy run."""

    def said(self) -> str:
        """The last that HAProxy said, other than of requests."""

    def stop(self) -> None:
        """Ends it, and leaves nothing behind; harmless the second time."""


class Engine(Protocol):
    """What starts them: a binary of this machine, or containers.

    `tool` says which, `shares_ports` whether it takes ports that are held.
    """

    tool: str
    shares_ports: bool

    def root(self, number: int) -> str:
        """The directory of the files of the balancer of this number, as its HAProxy sees it."""

    def bound(self, wall: Wall, port: int, taken: Iterable[int], host: str) -> tuple[str, int]:
        """What HAProxy binds where a port of this machine is to lead to the wall: the address, and its port."""

    def behind(self, doors: Doors, wanted: int, taken: Iterable[int]) -> list[int]:
        """So many ports for stand-ins."""

    def start(self, number: int, layout: Layout, host: str, log: Callable[[str], None]) -> Running:
        """Starts both, and returns when they serve; `log` gets each line of the log that tells of a request.

        Raises HaproxyDidNotStart with HAProxy's own words, PortTakenError where other ports may help, ToolError where
        it cannot be started at all.
        """

    def close(self) -> None:
        """Removes what the engine itself needed."""


class Hearing:
    """Sorts what HAProxy says: requests, and connections that came to none, are passed on; the rest is remembered."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._rest: deque[str] = deque(maxlen=_REMEMBERED)

    def hear(self, line: str) -> None:
        """Takes one line."""
        if MARK in line or failure(line) is not None:
            self._log(line)
        else:
            self._rest.append(line.rstrip("\n"))

    def said(self) -> str:
        """What was not about requests, or the last of it."""
        return "\n".join(self._rest.copy())
