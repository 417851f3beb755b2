"""Now and then, HAProxy is asked whether it has the servers that the file says: somebody may have interfered."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from lbgen.live.haproxy.dynamic import Dynamic

log = logging.getLogger("lbgen.live")


class Mending:
    """Puts right what differs, by commands or by a `reload`, and deletes servers that wait for that."""

    def __init__(self, dynamic: Dynamic, reload: Callable[[], object]) -> None:
        self._dynamic = dynamic
        self._reload = reload

    def __call__(self, text: str) -> int:
        """How many commands put right what differed from this configuration; a reload counts as one more.

        Raises what the reload raises.
        """
        try:
            self._dynamic.settle()
            outcome = self._dynamic.mend(text)
        except OSError as error:
            log.warning("HAProxy does not say which servers it has: %s", error)
            return 0
        if outcome.done:
            return outcome.commands
        log.warning("HAProxy has other servers than its file, and is reloaded: %s", outcome.reason)
        self._reload()
        return outcome.commands + 1
