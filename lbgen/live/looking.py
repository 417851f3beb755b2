"""Looks, beside the loop, whether somebody has changed HAProxy's servers: in a large fleet that takes long."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lbgen.live.serving import Serving
    from lbgen.live.triggers import Triggers

log = logging.getLogger("lbgen.live")

_RARELY = 60
"""How much longer than a look the time until the next one is, at least."""


class Looking:
    """Looks every `seconds`, or more rarely where a look takes long, and asks for a mend where HAProxy differs."""

    def __init__(self, serving: Serving, triggers: Triggers, seconds: float) -> None:
        self._serving = serving
        self._triggers = triggers
        self._seconds = seconds
        self._thread: threading.Thread | None = None
        self.due = time.monotonic() + seconds

    def look(self) -> None:
        """Begins to look, unless that is going on."""
        self.due = time.monotonic() + self._seconds
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._look, args=(self._serving.text,), name="drift", daemon=True)
            self._thread.start()

    def _look(self, text: str) -> None:
        started = time.monotonic()
        try:
            if self._serving.drifted(text):
                self._triggers.mend()
        except Exception:
            log.exception("a look at HAProxy's servers ends with a mistake of lbgen's")
        # Looking takes some seconds where there are many servers, and may not become all that lbgen does.
        now = time.monotonic()
        self.due = now + max(self._seconds, _RARELY * (now - started))
