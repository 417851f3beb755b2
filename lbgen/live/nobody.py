"""No HAProxy at all: somebody writes the file and leaves the rest to others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.live.contract import Reloaded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.live.contract import Process, Runtime


class Nobody:
    """A `Haproxy` for one who is told of none: all is well once the file is written."""

    def start(self) -> None:
        """Does nothing."""

    def reload(self) -> Reloaded:
        """Says that all is well."""
        return Reloaded(True, "", 0.0)

    def alive(self) -> bool:
        """Says that all is well."""
        return True

    def processes(self) -> Sequence[Process]:
        """None that are known."""
        return []

    def runtime(self) -> Runtime | None:
        """None."""
        return None

    def stop(self) -> None:
        """Does nothing."""
