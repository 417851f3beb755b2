"""Keeps what is known on disk, beside the loop: the next run begins with it."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lbgen.live.applying import Applying

log = logging.getLogger("lbgen.live")


class Saving:
    """Saves what is new; what cannot be written is told, and is no reason to stop."""

    def __init__(self, applying: Applying) -> None:
        self._applying = applying
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Saves in a thread of its own; where the last one is not done yet, that is for the next time."""
        if self._thread is not None and self._thread.is_alive():
            return
        if (keep := self._applying.save()) is not None:
            self._thread = threading.Thread(target=self._keep, args=(keep,), name="save")
            self._thread.start()

    def end(self) -> None:
        """Saves what is left, once the last thread is done."""
        if self._thread is not None:
            self._thread.join()
        if (keep := self._applying.save()) is not None:
            self._keep(keep)

    def _keep(self, keep: Callable[[], None]) -> None:
        try:
            keep()
        except ToolError as error:
            self._applying.save_again()
            log.warning("%s", error)
