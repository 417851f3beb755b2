"""Keeps the HAProxy of one pool as the pool wants it, in a thread of its own: what happens here hurts no other pool."""

from __future__ import annotations

import logging
import math
import threading
import time
from typing import TYPE_CHECKING

from lbgen.errors import LbgenError
from lbgen.live.haproxy.spacing import Backoff
from lbgen.live.logs import CHANGES
from lbgen.live.serving import Later, Refused
from lbgen.server.instances.balancer import Balancer
from lbgen.server.instances.health import health
from lbgen.server.running import State, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.server.instances.balancer import Machine
    from lbgen.server.instances.places import Place
    from lbgen.server.running import ServerHealth, Wanted

log = logging.getLogger("lbgen.server")
changes = logging.getLogger(CHANGES)
"""What comes again is told again here: it was gone meanwhile."""

_LOOK = 1.0
"""Seconds between two looks at HAProxy, and at ports of others."""
_DRIFT = 60.0
_MISTAKE = "a mistake of lbgen's; the log has it"


class Keeper:
    """The HAProxy of the pool of the place, which is brought to what `want` asked for last."""

    def __init__(self, place: Place, machine: Machine) -> None:
        self.place = place
        self._balancer = Balancer(place, machine)
        self._turn = threading.Condition()
        self._wanted: Wanted | None = None
        self._fresh = False
        self._ending = False
        self._removing = False
        self._problem = ""
        self._again = math.inf
        self._backoff = Backoff(first=2)
        self._drift = time.monotonic() + _DRIFT
        self.finished = False
        self._thread = threading.Thread(target=self._run, name=f"pool {place.pool}", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def want(self, wanted: Wanted | None) -> bool:
        """Has the pool run as this says, or removed where it is None; False where that is done and the keeper ends."""
        with self._turn:
            if self.finished:
                return False
            # What was asked for already is being done, or is tried again in its own time.
            self._fresh |= self._removing or _what(wanted) != _what(self._wanted)
            self._wanted, self._removing = wanted, wanted is None
            self._turn.notify_all()
            return True

    def end(self) -> None:
        """Has HAProxy end what it serves, and end itself; returns at once."""
        with self._turn:
            self._ending = True
            self._turn.notify_all()

    def join(self, seconds: float) -> None:
        """Waits for the end for so long."""
        self._thread.join(seconds)

    @property
    def text(self) -> str | None:
        """The text that runs."""
        return self._balancer.text

    def status(self) -> Status:
        """How it is."""
        with self._turn:
            wanted, runs = self._wanted, self.text is not None
            if self._fresh or wanted is None:
                state, message = State.PENDING, ""
            elif self._problem:
                state, message = State.ERROR, self._problem
            elif self._again < math.inf:
                state, message = State.PENDING, ""
            elif wanted.instances > 0 and not runs:
                state, message = State.ERROR, "HAProxy has ended, and is started again"
            else:
                state, message = State.OK, ""
        return Status(state, message, wanted.instances if wanted else 0, int(runs))

    def health(self) -> Mapping[str, Sequence[ServerHealth]]:
        """How its servers are."""
        runtime = self._balancer.runtime()
        return health(runtime) if runtime is not None else {}

    def _run(self) -> None:
        while not self.finished:
            with self._turn:
                self._turn.wait_for(lambda: self._fresh or self._ending, self._seconds())
                fresh, wanted = self._fresh, self._wanted
                gone = self._removing or self._ending
            try:
                if gone:
                    self._end()
                elif wanted is not None:
                    self._keep(wanted, fresh=fresh)
            except Exception as error:  # noqa: BLE001 - it is told, and tried again
                self._failed(error)
            self._done(wanted)

    def _seconds(self) -> float:
        return max(0.0, min(_LOOK, self._again - time.monotonic()))

    def _end(self) -> None:
        # Whatever was to be tried again is no more; where an end fails, it is tried again with the next look.
        self._again = math.inf
        self._balancer.stop()
        if self._removing:
            self._balancer.remove()

    def _keep(self, wanted: Wanted, *, fresh: bool) -> None:
        if fresh:
            self._backoff.succeeded()
        if fresh or time.monotonic() >= self._again:
            self._bring(wanted)
        self._balancer.tend()
        if time.monotonic() >= self._drift:
            self._drift = time.monotonic() + _DRIFT
            self._balancer.mend()

    def _bring(self, wanted: Wanted) -> None:
        try:
            problem, soon = self._balancer.bring(wanted)
        except Later as later:
            self._again = time.monotonic() + later.seconds
            return
        self._tell(problem)
        self._again = math.inf
        if problem:
            self._again = time.monotonic() + (_LOOK if soon else self._backoff.failed())

    def _tell(self, problem: str) -> None:
        if problem and problem != self._problem:
            what = "what ran goes on running" if self.text is not None else "nothing runs"
            changes.warning("pool %s: %s; %s", self.place.pool, problem, what)
        elif self._problem and not problem:
            log.info("pool %s: what is wanted runs", self.place.pool)
        self._problem = problem

    def _failed(self, error: Exception) -> None:
        told = isinstance(error, (LbgenError, Refused, OSError))
        if not told:
            log.exception("pool %s: %s", self.place.pool, _MISTAKE)
        self._tell(str(error) if told else _MISTAKE)
        self._again = time.monotonic() + self._backoff.failed()

    def _done(self, wanted: Wanted | None) -> None:
        with self._turn:
            if self._wanted is wanted:
                self._fresh = False
            self.finished = self._ending or (self._removing and not self._balancer.there)


def _what(wanted: Wanted | None) -> tuple[int, str] | None:
    """What is wanted, in short: the same leads to the same."""
    return (wanted.revision, wanted.tasks) if wanted is not None else None
