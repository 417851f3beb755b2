"""How long to wait before the next attempt: longer each time, and never just as long as all the others who wait."""

from __future__ import annotations

import random

_FIRST_SECONDS = 3.0
_FACTOR = 1.5
_GOOD_SECONDS = 600.0


class Backoff:
    """Waits of up to 3 s, then of up to half as much again each time, and of at most `most` seconds."""

    def __init__(self, most: float, chance: random.Random | None = None) -> None:
        self._most = most
        self._chance = chance or random.SystemRandom()
        self._ceiling = min(_FIRST_SECONDS, most)

    def wait(self, lasted: float = 0.0) -> float:
        """The seconds to wait after an attempt that lasted so long; one that lasted ten minutes begins anew."""
        if lasted > _GOOD_SECONDS:
            self._ceiling = min(_FIRST_SECONDS, self._most)
        wait = self._chance.random() * self._ceiling
        self._ceiling = min(self._ceiling * _FACTOR, self._most)
        return wait
