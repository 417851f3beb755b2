"""What the parts of the live mode promise each other: a source of apps, a HAProxy, and what is told of both."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol

from lbgen.dataclass import dataclass
from lbgen.errors import LbgenError

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Reply:
    """What Marathon said, as it came: the text of `GET /v2/apps?embed=apps.tasks`, or of one app.

    `endpoint` is who said it, without credentials; `at` is when, in seconds of `time.monotonic`. `value` is what
    the text says, where the source had to read it: to read a large one twice takes twice as long.
    """

    text: str
    endpoint: str
    at: float
    value: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Change:
    """That something changed: the ids of the apps, or None where all have to be fetched again.

    `reason` says in a few words what happened, for logs; `at` is when it was heard, in seconds of `time.monotonic`.
    """

    apps: frozenset[str] | None
    reason: str
    at: float


class SourceError(LbgenError):
    """No Marathon gives a usable answer; what is served stays as it is."""


class Source(Protocol):
    """A Marathon of one or several endpoints."""

    def fetch(self) -> Reply:
        """All apps with their tasks; raises `SourceError` where no endpoint gives a usable answer."""

    def fetch_app(self, app_id: str) -> Reply | None:
        """One app with its tasks, None where there is none of this id; raises `SourceError` as `fetch` does."""

    def events(self, stop: threading.Event) -> Iterator[Change]:
        """What changes, as it happens, until `stop` is set; reconnects by itself.

        The first one after each connection says that all have to be fetched, since what happened before is unknown.
        """


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What came of a reload: whether the new configuration serves, and what HAProxy said if it does not.

    `known` is not set where HAProxy did not say: then it may serve the old or the new one, now or later.
    """

    served: bool
    message: str
    seconds: float
    known: bool = True


@dataclass(frozen=True, slots=True)
class Process:
    """One worker; `reloads` is how many reloads ago it was started, 0 for the one that takes connections."""

    pid: int
    reloads: int


class Runtime(Protocol):
    """The runtime API of the worker that takes connections."""

    def ask(self, commands: Sequence[str]) -> list[str]:
        """The answers to the commands, in one connection; raises OSError where nobody answers."""


class Haproxy(Protocol):
    """A HAProxy that serves the file on disk: a child of lbgen's, or somebody else's with a command to reload it."""

    def start(self) -> None:
        """Starts it with the file on disk, where it is lbgen's own; raises ToolError where it does not come up."""

    def reload(self) -> Reloaded:
        """Has it read the file on disk, and waits until that serves or is known not to."""

    def alive(self) -> bool:
        """Whether somebody takes connections."""

    def processes(self) -> Sequence[Process]:
        """The workers, the one that takes connections first; empty where that cannot be known."""

    def runtime(self) -> Runtime | None:
        """The runtime API, None where there is none."""

    def stop(self) -> None:
        """Ends it, where it is lbgen's own: what it serves is finished first, for a bounded time."""
