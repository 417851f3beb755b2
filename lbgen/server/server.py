"""The server without its HTTP: everything that endpoints, the page and the command need, put together."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from lbgen.server.known_tasks import KnownTasks
from lbgen.server.pool_templates import PoolTemplates
from lbgen.server.pools import Pools
from lbgen.server.refusals import Refusal
from lbgen.server.rendering import Renderer
from lbgen.server.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from lbgen.pipeline.pools import PoolOptions
    from lbgen.server.running import Running
    from lbgen.server.tasks import Source
    from lbgen.server.trying import Trial

log = logging.getLogger("lbgen.server")


class Server:
    """Pools and pool templates of a directory, with tasks that are read again every `poll` seconds.

    `trial` tries templates of operators; without it, HAProxy is not asked about them. Raises ToolError where the
    directory cannot be used.
    """

    def __init__(
        self,
        data: Path,
        source: Source,
        running: Running,
        options: PoolOptions,
        *,
        poll: float = 10.0,
        trial: Trial | None = None,
    ) -> None:
        self.store = Store(data)
        self.tasks = KnownTasks(source)
        self.running = running
        self.options = options
        renderer = Renderer(options, data / "certificates", running.placed)
        self.pools = Pools(self.store, renderer, self.tasks, running, trial)
        self.pool_templates = PoolTemplates(self.store, self.pools)
        self._poll = poll
        self._seen: list[tuple[str, int]] = []
        self._behind = False
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._follow_on, name="tasks", daemon=True)

    def start(self) -> None:
        """Reads the tasks, and goes on reading them until it is closed."""
        self.refresh()
        self._thread.start()

    def refresh(self) -> None:
        """Reads the tasks once, and has everything follow them."""
        # What fails below is done the next time, when the tasks are no longer new.
        self._behind = self.tasks.read() or self._behind
        try:
            self.pool_templates.follow()
        except Refusal as refusal:
            log.warning("the auto pools are as they were: %s", refusal)
        seen = self.pools.revisions()
        if self._behind or seen != self._seen:
            # Another server may share the directory.
            self.pools.follow()
        self._behind, self._seen = False, seen

    def close(self) -> None:
        """Ends what was started."""
        self._end.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=30)
        self.running.close()
        self.store.close()

    def _follow_on(self) -> None:
        while not self._end.wait(self._poll):
            try:
                self.refresh()
            except Exception:  # whatever it is, the next time may go well
                log.exception("the tasks could not be followed")
