"""How much of the machine a load balancer takes, looked at all the time."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from integration.live.balancer import Balancer


@dataclass
class Footprint:
    """Looks within its block; `most` has the most of everything that was seen: `memory` in MiB, and numbers."""

    balancer: Balancer
    most: Counter[str] = field(default_factory=Counter)
    looks: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def now(self) -> Counter[str]:
        """What it takes at this moment."""
        balancer = self.balancer
        return Counter(
            memory=int(balancer.memory()),
            threads=balancer.threads(),
            files=balancer.files(),
            processes=len(balancer.workers()),
        )

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        assert self._thread is not None
        self._thread.join(30)

    def _look(self) -> None:
        while not self._over.wait(0.2):
            # A file may go while all are counted.
            with suppress(OSError):
                self.most |= self.now()
                self.looks += 1
