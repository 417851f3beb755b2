"""What makes the loop do something, in one queue: events, the operator's wishes, the end. Bursts become one."""

from __future__ import annotations

import queue
import time
from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from lbgen.live.contract import Change

MOST_WAIT = 1.0
"""Seconds that a burst is collected for, however long it lasts."""


@dataclass(slots=True)
class Work:
    """All that there is to do at once: `at` is when the first event of it was heard, in seconds of `time.monotonic`."""

    apps: set[str] = field(default_factory=set)
    everything: bool = False
    anew: bool = False
    reload: bool = False
    mend: bool = False
    stop: bool = False
    reasons: list[str] = field(default_factory=list)
    at: float | None = None
    events: int = 0

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.apps or self.everything or self.reload or self.mend or self.stop)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the operator, or a signal, asks for."""

    everything: bool = False
    reload: bool = False
    mend: bool = False
    stop: bool = False
    reason: str = ""


class Triggers:
    """The queue; anything but `next` and `take_reload` may be called from other threads and from handlers of signals.

    The first event after a while is handled at once, those that follow within `debounce` seconds of it together.
    """

    def __init__(self, debounce: float) -> None:
        self._queue: queue.SimpleQueue[Change | _Wish] = queue.SimpleQueue()
        self._debounce = debounce
        self._last = float("-inf")
        self._early = Work()

    def heard(self, change: Change) -> None:
        """Notes an event."""
        self._queue.put(change)

    def update(self, reason: str) -> None:
        """Has everything done anew."""
        self._queue.put(_Wish(everything=True, reason=reason))

    def reload(self, reason: str) -> None:
        """Has HAProxy reload what is there."""
        self._queue.put(_Wish(reload=True, reason=reason))

    def mend(self) -> None:
        """Has HAProxy brought back to what its file says."""
        self._queue.put(_Wish(mend=True))

    def stop(self) -> None:
        """Ends the loop."""
        self._queue.put(_Wish(stop=True))

    def next(self, timeout: float) -> Work:
        """What there is to do, at the latest after these seconds; idle where nothing came."""
        work, self._early = self._early, Work()
        if work.idle and not self._take(work, timeout):
            return work
        until = min(self._last + self._debounce, time.monotonic() + MOST_WAIT)
        while not work.stop and self._take(work, max(0.0, until - time.monotonic())):
            pass
        return work

    def take_reload(self) -> bool:
        """Whether a reload is asked for: `next` does not tell of it any more, but of all else that came meanwhile."""
        while self._take(self._early, 0):
            pass
        wanted, self._early.reload = self._early.reload, False
        return wanted

    def done(self) -> None:
        """Notes that the work is done, from when on events are collected for a while."""
        self._last = time.monotonic()

    def _take(self, work: Work, timeout: float) -> bool:
        try:
            item = self._queue.get(timeout=timeout) if timeout > 0 else self._queue.get_nowait()
        except queue.Empty:
            return False
        if isinstance(item, _Wish):
            work.everything |= item.everything
            work.anew |= item.everything
            work.reload |= item.reload
            work.mend |= item.mend
            work.stop |= item.stop
        else:
            work.events += 1
            work.at = item.at if work.at is None else min(work.at, item.at)
            work.apps |= item.apps or set()
            work.everything |= item.apps is None
        if item.reason and len(work.reasons) < 5:
            work.reasons.append(item.reason)
        return True
