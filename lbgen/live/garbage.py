"""Python looks for garbage in all that is alive, which takes long in a large fleet: here it is told what stays."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_WHOLE = 10
"""Updates of everything until all is looked at once: what they leave behind in circles goes then."""


class Garbage:
    """Counts updates of everything, and has what they made taken for what stays."""

    def __init__(self) -> None:
        self._updates = 0

    @contextmanager
    def kept_away(self) -> Iterator[None]:
        """Nobody looks for garbage inside; what is alive at the end stays alive until the next time."""
        gc.disable()
        try:
            yield
        finally:
            self._updates += 1
            if self._updates % _WHOLE == 0:
                gc.unfreeze()
                gc.collect()
            gc.freeze()
            gc.enable()

    @staticmethod
    def end() -> None:
        """Has everything looked at again as usual."""
        gc.unfreeze()
