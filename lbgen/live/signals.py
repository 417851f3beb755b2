"""The signals of this process, waited for like messages.

A handler in Python runs when the main thread comes to it: never, where that has just gone to sleep. So each signal is
written to a socket, and that is read.
"""

from __future__ import annotations

import signal
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


class Signals:
    """Has these signals wait for whoever asks, inside the block; for the main thread."""

    def __init__(self, *numbers: signal.Signals) -> None:
        self._numbers = numbers
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        self._before = -1

    def __enter__(self) -> Self:
        self._before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in self._numbers:
            signal.signal(number, _nothing)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.set_wakeup_fd(self._before)
        self._reader.close()
        self._writer.close()

    def wait(self) -> int:
        """The number of the next signal, 0 where somebody called `wake`."""
        return self._reader.recv(1)[0]

    def wake(self) -> None:
        """Ends a `wait`, now or later; may be called from any thread, and after the block."""
        with suppress(OSError):
            self._writer.send(b"\0")


def _nothing(number: int, frame: object) -> None:
    """Python writes the number to the socket: there is nothing else to do."""
