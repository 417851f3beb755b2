"""No shrinking by accident: an answer with much less to serve than before has to come twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.live.fleet import Changed
    from lbgen.live.reading import Entry
    from lbgen.pipeline.generate import Generated

LEAST = 3
"""Backends, or servers, that may go at once however few there are: small fleets are like that."""
CONFIRM, CONFIRM_NOTHING = 3.0, 15.0
"""Seconds until Marathon is asked again: where much less is there to serve, and where nothing at all is."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is served."""

    backends: int
    servers: int


def size_of(generated: Generated) -> Size:
    """How much this text serves."""
    return Size(len(generated.services), sum(len(service.servers) for service in generated.services))


@dataclass(slots=True)
class Shrinking:
    """Compares what is to be served with what `before` was, which is None where nothing is known of that.

    More than `most` of it, from 0 to 1, may not go at once. `confirmed` says that Marathon was asked again meanwhile,
    after it had told of `doubted`.
    """

    most: float
    before: Size | None = None
    confirmed: bool = False
    wait: float = CONFIRM
    doubted: Size | None = None

    def doubt(self, generated: Generated) -> str:
        """Why this is not to be served yet, in a sentence, or nothing; `wait` then says how long."""
        now = size_of(generated)
        if self.before is None or not self._shrunk(self.before, now):
            return ""
        # Who says even less the second time has not confirmed what he said first.
        if self.confirmed and (self.doubted is None or not self._shrunk(self.doubted, now)):
            return ""
        self.doubted = now
        self.wait = CONFIRM_NOTHING if now.servers == 0 else CONFIRM
        return (
            f"Marathon's answer has {now.backends:,} backends with {now.servers:,} servers where"
            f" {self.before.backends:,} with {self.before.servers:,} are served: it is not used before it is confirmed"
        )

    def _shrunk(self, before: Size, now: Size) -> bool:
        if before.servers and not now.servers:
            return True
        pairs = ((before.backends, now.backends), (before.servers, now.servers))
        return any(old - new >= LEAST and old - new > self.most * old for old, new in pairs)

    def is_small(self, changed: Sequence[Changed]) -> bool:
        """Whether these changes take so few tasks away that nobody has to doubt them."""
        gone = sum(max(0, _tasks(each.before) - _tasks(each.after)) for each in changed)
        return gone < LEAST or (self.before is not None and gone <= self.most * self.before.servers)

    def served(self, generated: Generated) -> None:
        """Notes that this is served now."""
        self.before, self.confirmed, self.doubted = size_of(generated), False, None


def _tasks(entry: Entry | None) -> int:
    return len(entry.app.tasks or ()) if entry is not None and entry.app is not None else 0
