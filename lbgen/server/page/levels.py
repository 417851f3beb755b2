"""How bad something is, in the order in which people want to see it."""

from __future__ import annotations

from enum import IntEnum


class Level(IntEnum):
    """How bad it is; ordered, so that they compare."""

    IDLE = 0
    OK = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()
