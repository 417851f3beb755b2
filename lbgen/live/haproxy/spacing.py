"""When HAProxy may be reloaded again, and how often a command for it is tried."""

from __future__ import annotations

import time
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Spacing:
    """Keeps reloads `seconds` apart, from the end of one to the beginning of the next.

    Requests that come too early are remembered as one: the last request always leads to a reload.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._not_before = clock()
        self._requested = False

    @property
    def requested(self) -> bool:
        """Whether somebody waits for a reload."""
        return self._requested

    def request(self) -> None:
        """Somebody needs a reload."""
        self._requested = True

    def wait(self) -> float | None:
        """How many seconds to wait until the reload that was requested, 0 where it is due; None where none was."""
        return max(0.0, self._not_before - self._clock()) if self._requested else None

    def begin(self) -> None:
        """A reload begins: what is requested from now on needs another one."""
        self._requested = False

    def end(self) -> None:
        """The reload has ended, well or badly."""
        self._not_before = self._clock() + self._seconds


class Backoff:
    """How long to wait before something is tried again that fails: each time longer, up to `most` seconds."""

    def __init__(self, first: float = 1, most: float = 60, factor: float = 2) -> None:
        self._first = first
        self._most = most
        self._factor = factor
        self._next = first

    def failed(self) -> float:
        """How many seconds to wait after one more failure."""
        wait = self._next
        self._next = min(self._most, self._next * self._factor)
        return wait

    def succeeded(self) -> None:
        """Begins from the first wait again."""
        self._next = self._first


def attempts(retries: int) -> Iterable[int]:
    """The numbers of the attempts, as `--max-reload-retries` means it: so many, for ever at -1.

    0 is one attempt, whose outcome is waited for no longer than that of any other: Marathon-LB would wait for ever.
    """
    return count(1) if retries < 0 else range(1, max(1, retries) + 1)
