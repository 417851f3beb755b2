"""Sources for tests, with times that are short for a network and long for a busy machine."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lbgen.live.marathon import Access, Endpoint, MarathonSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from integration.marathon_stub import Marathon
    from lbgen.live.contract import Change

# In a block of its own TEST-NET-1 is nobody's; port 1 of this machine is refused.
NOBODY = "http://127.0.0.1:1"
WEB: dict[str, Any] = {"id": "/web", "instances": 2, "portDefinitions": [{"port": 10001, "protocol": "tcp"}]}
_LIMITS: dict[str, Any] = {
    "connect_seconds": 10,
    "read_seconds": 60,
    "total_seconds": 120,
    "max_backoff_seconds": 0.2,
    "silence_seconds": 3600,
}


def access(*given: Marathon | str, **options: Any) -> Access:
    """How these Marathons, or URLs, are reached."""
    urls = [each if isinstance(each, str) else each.url for each in given]
    return Access(tuple(map(Endpoint.read, urls)), **{**_LIMITS, **options})


def source(*given: Marathon | str, stop: threading.Event | None = None, **options: Any) -> MarathonSource:
    """A source of these Marathons, or URLs."""
    return MarathonSource(access(*given, **options), stop)


class Ear:
    """Listens in a thread of its own; `stop` is what ends it."""

    def __init__(self, listened: MarathonSource) -> None:
        self.stop = threading.Event()
        self._heard: queue.Queue[Change] = queue.Queue()
        self._thread = threading.Thread(target=self._listen, args=(listened,), daemon=True)
        self._thread.start()

    def next(self, seconds: float = 60) -> Change:
        """The next change; fails where there is none within the time."""
        return self._heard.get(timeout=seconds)

    def until(self, *apps: str, seconds: float = 60) -> Change:
        """The next change that names these apps and no others, or without names one that names none."""
        wanted = frozenset(apps) or None
        end = time.monotonic() + seconds
        while (change := self.next(max(end - time.monotonic(), 0.01))).apps != wanted:
            pass
        return change

    def end(self, seconds: float = 60) -> None:
        """Stops, and fails where that takes longer."""
        self.stop.set()
        self._thread.join(seconds)
        assert not self._thread.is_alive(), "it does not stop"

    def _listen(self, listened: MarathonSource) -> None:
        for change in listened.events(self.stop):
            self._heard.put(change)


@contextmanager
def listening(listened: MarathonSource) -> Iterator[Ear]:
    """Listens within the block."""
    ear = Ear(listened)
    try:
        yield ear
    finally:
        ear.end()
