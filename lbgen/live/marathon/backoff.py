"""How long to wait before the next attempt: longer each time, and never just as long as all the others who wait."""

from __future__ import annotations

import random

_FIRST_SECONDS = 0.3
_SECOND_SECONDS = 3.0
_FACTOR = 1.5
_GOOD_SECONDS = 30.0


class Backoff:
    """Waits of up to 0.3 s, then of up to 3 s, then of up to half as much again each time, and of at most `most`.

    `most` is in seconds; where it is less than 0.3 it is that, since nobody is asked without a pause.
    """

    def __init__(self, most: float, chance: random.Random | None = None) -> None:
        self._most = max(most, _FIRST_SECONDS)
        self._chance = chance or random.SystemRandom()
        self._ceiling = _FIRST_SECONDS

    def wait(self, lasted: float = 0.0) -> float:
        """The seconds to wait after an attempt that lasted so long; one that lasted half a minute begins anew."""
        if lasted > _GOOD_SECONDS:
            self._ceiling = _FIRST_SECONDS
        wait = self._chance.random() * self._ceiling
        self._ceiling = min(max(self._ceiling * _FACTOR, _SECOND_SECONDS), self._most)
        return wait
