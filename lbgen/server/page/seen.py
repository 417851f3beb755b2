"""A pool as its pages show it: what it says, what came of it, and what runs."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.haproxy.parse import parse
from lbgen.report.places import locate
from lbgen.routing.table import table_of
from lbgen.server.page.kept import Kept
from lbgen.server.page.origins import origins
from lbgen.server.rendering import Rendering
from lbgen.server.running import State
from lbgen.server.shown import shown
from lbgen.source import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lbgen.finding import Finding
    from lbgen.origin import Origin
    from lbgen.routing.table import Table
    from lbgen.server.page.origins import Came
    from lbgen.server.running import Instance, ServerHealth, Status
    from lbgen.server.server import Server
    from lbgen.server.store import StoredPool

log = logging.getLogger("lbgen.server")
_AT_ONCE = 16
_HEAVIEST = 8 * 2**20
"""Characters of configurations whose findings are kept; what belongs to them is some times as heavy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What runs for a pool at the moment; `status` is None where nothing is meant to."""

    status: Status | None
    text: str | None
    problem: str
    instances: Sequence[Instance]
    health: Mapping[str, Sequence[ServerHealth]]

    @property
    def runs(self) -> bool:
        """Whether anything is meant to run."""
        return self.status is not None

    @property
    def pending(self) -> bool:
        """Whether what is wanted will run in a moment."""
        return self.status is not None and self.status.state is State.PENDING

    @property
    def stopped(self) -> bool:
        """Whether nothing runs, as it is wanted."""
        return self.status is not None and not self.status.wanted and self.status.state is State.OK


@dataclass(frozen=True)
class Seen:
    """A pool, what came of it, what is to be said of it, and what runs; the rest is worked out when it is asked for."""

    stored: StoredPool
    rendering: Rendering
    findings: Sequence[Finding]
    now: Now

    @property
    def name(self) -> str:
        """The pool's."""
        return self.stored.name

    @property
    def text(self) -> str | None:
        """The configuration that runs, or else the one that would; None where there is neither."""
        return self.now.text if self.now.text is not None else self.rendering.text

    @property
    def differs(self) -> bool:
        """Whether something else runs than what is wanted."""
        return self.now.text is not None and self.rendering.text is not None and self.now.text != self.rendering.text

    @cached_property
    def table(self) -> Table:
        """The routing table of the text."""
        return table_of(parse(self.text or "", self.name))

    @cached_property
    def came(self) -> Sequence[Came]:
        """Where the lines of the text come from."""
        return origins(self.text or "", self.rendering.rendered)

    @cached_property
    def document(self) -> Document:
        """The pool's JSON, as the API shows it."""
        text = json.dumps(shown(self.stored), indent=2, ensure_ascii=False)
        return Document(self.name, text, b"", "json")

    def pointer_at(self, line: int) -> str:
        """The pointer to what a line of the text was made of; empty where that is no field of the pool."""
        return self.came[line - 1].pointer if line <= len(self.came) else ""

    def line_of(self, origin: Origin) -> int:
        """The line of the JSON that the origin leads to, or to what is around it."""
        place = locate(origin, {self.name: self.document})
        return place.span.start.line if place.span is not None else 1


class Eye:
    """Looks at pools, and remembers what takes a while to find out."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._kept: Kept[tuple[Rendering, Sequence[Finding]]] = Kept(_HEAVIEST)

    def look(self, stored: StoredPool) -> Seen:
        """The pool as it is now."""
        return Seen(stored, *self._rendered(stored), self._now(stored.name))

    def look_at_all(self, pools: Sequence[StoredPool]) -> Iterator[Seen]:
        """The pools as they are now."""
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            # A HAProxy that hangs takes seconds until it is given up, and several need not wait for each other.
            nows = list(threads.map(self._now, (stored.name for stored in pools)))
        for stored, now in zip(pools, nows, strict=True):
            yield Seen(stored, *self._rendered(stored), now)

    def _rendered(self, stored: StoredPool) -> tuple[Rendering, Sequence[Finding]]:
        key = stored.name, stored.revision, self._server.tasks.known.fingerprint
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        try:
            made = self._judged(stored)
        except Exception:  # whatever a pool holds, the others are shown
            log.exception("the pool %s cannot be shown", stored.name)
            return Rendering(None, None, (), problem="a mistake of lbgen's; its log says more"), ()
        # What a busy machine may have been too slow for is tried again.
        if made[0].text is not None:
            self._kept.put(key, made, len(made[0].text))
        return made

    def _judged(self, stored: StoredPool) -> tuple[Rendering, Sequence[Finding]]:
        # All rules take a while to import, and many servers are asked by programs only.
        from lbgen.server.page.judging import findings

        rendering = self._server.pools.render(stored)
        return rendering, findings(stored, rendering, self._server.options)

    def _now(self, name: str) -> Now:
        running = self._server.running
        return Now(
            status=running.status(name),
            text=running.text(name),
            problem=running.problem(name),
            instances=running.instances(name),
            health=running.health(name),
        )
