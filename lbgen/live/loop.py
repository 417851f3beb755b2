"""The loop of a live load balancer: it waits for something to happen, and brings HAProxy to what Marathon says."""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.errors import LbgenError
from lbgen.live.contract import SourceError
from lbgen.live.fleet import Changed, Knowledge
from lbgen.live.garbage import Garbage
from lbgen.live.serving import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from lbgen.live.applying import Applying
    from lbgen.live.contract import Source
    from lbgen.live.serving import Serving
    from lbgen.live.state import States
    from lbgen.live.triggers import Triggers, Work

log = logging.getLogger("lbgen.live")

_MOST_APPS = 50
"""Apps that are asked for one by one; where more changed, all are."""

_MOST_TRIALS = 100


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often what is done, in seconds: `full` is a fetch of everything, `events` whether Marathon tells of changes.

    A failed update is tried again after `retry`, and then later and later, up to `most_retry`. What HAProxy was brought
    to without its file is written after `write` without more to do, and after `most_write` in any case.
    """

    full: float = 300.0
    events: bool = True
    alive: float = 1.0
    drift: float = 30.0
    retry: float = 1.0
    most_retry: float = 30.0
    save: float = 30.0
    write: float = 0.2
    most_write: float = 2.0


class Loop:
    """Does what `triggers` ask for, one after the other, until it is told to stop.

    `refresh` is called before everything is fetched.
    """

    def __init__(
        self,
        *,
        source: Source,
        applying: Applying,
        serving: Serving,
        triggers: Triggers,
        states: States,
        rhythm: Rhythm,
        refresh: Callable[[], None] = lambda: None,
    ) -> None:
        self._source = source
        self._applying = applying
        self._serving = serving
        self._triggers = triggers
        self._states = states
        self._rhythm = rhythm
        self._refresh = refresh
        self._knowledge = Knowledge(source)
        self._garbage = Garbage()
        self._stop = threading.Event()
        self._pause = rhythm.retry
        now = time.monotonic()
        self._due = {"full": now, "alive": now + rhythm.alive, "drift": now + rhythm.drift, "save": now + rhythm.save}

    def run(self) -> None:
        """Runs until it is told to stop; what fails is told, and tried again."""
        if self._rhythm.events:
            threading.Thread(target=self._listen, name="events", daemon=True).start()
        while True:
            work = self._triggers.next(self._seconds())
            if work.stop:
                break
            self._safely(partial(self._turn, work))
            self._triggers.done()
        self._stop.set()
        self._safely(self._end)
        self._garbage.end()

    def once(self) -> None:
        """One update, as those do that ask Marathon once and end.

        Raises LbgenError or Refused where it fails.
        """
        self._knowledge.fetch(self._states)
        self._applying.apply(self._knowledge)
        if self._applying.due["confirm"] < math.inf:
            time.sleep(max(0.0, self._applying.due["confirm"] - time.monotonic()))
            self._knowledge.fetch(self._states)
            self._applying.apply(self._knowledge, confirmed=True)
        self._try_the_waiting()
        self._end()

    def _try_the_waiting(self) -> None:
        for _ in range(_MOST_TRIALS):
            if self._applying.due["trial"] == math.inf:
                return
            self._applying.try_some(self._knowledge)
            if self._applying.due["again"] < math.inf:
                self._applying.apply(self._knowledge)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                for change in self._source.events(self._stop):
                    self._triggers.heard(change)
            except Exception:
                log.exception("the stream of events ends with a mistake of lbgen's; it is opened again")
            self._stop.wait(self._rhythm.retry)

    def _seconds(self) -> float:
        soon = min([*self._due.values(), *self._applying.due.values()]) - time.monotonic()
        return max(0.0, min(soon, self._rhythm.write) if self._serving.unwritten else soon)

    def _turn(self, work: Work) -> None:
        now = time.monotonic()
        self._states.count(events=work.events)
        if work.anew:
            self._applying.try_all_anew()
        if work.everything or self._is_due("full", now) or self._applying.is_due("confirm", now):
            self._everything(work)
        elif work.apps:
            self._some(work)
        elif work.reload:
            self._serving.reload()
        elif self._applying.is_due("again", now):
            self._apply()
        elif self._applying.is_due("trial", now):
            self._applying.try_some(self._knowledge)
        self._tend(now, idle=work.idle)

    def _is_due(self, what: str, now: float) -> bool:
        return now >= self._due[what]

    def _everything(self, work: Work) -> None:
        confirming = self._applying.is_due("confirm", time.monotonic())
        # Load balancers that began together do not go on asking together.
        self._due["full"] = time.monotonic() + self._rhythm.full * random.uniform(0.9, 1.1)  # noqa: S311 - no secret
        self._refresh()
        try:
            self._knowledge.fetch(self._states)
        except SourceError:
            self._serving.start()
            raise
        self._apply(work.at, confirmed=confirming)

    def _apply(self, at: float | None = None, *, confirmed: bool = False) -> None:
        with self._garbage.kept_away():
            self._applying.apply(self._knowledge, confirmed=confirmed, at=at)

    def _some(self, work: Work) -> None:
        if len(work.apps) > _MOST_APPS or not self._knowledge.fleet:
            self._everything(work)
            return
        changed = self._knowledge.fetch_apps(sorted(work.apps), self._states)
        self._patch(changed, work)

    def _patch(self, changed: list[Changed], work: Work) -> None:
        rest = [each for each in changed if not self._applying.patch(each, work.at)]
        if rest:
            self._apply(work.at)

    def _tend(self, now: float, *, idle: bool) -> None:
        since = self._serving.unwritten_since
        if since is not None and (idle or now - since > self._rhythm.most_write):
            self._serving.flush()
        if self._is_due("alive", now):
            self._due["alive"] = now + self._rhythm.alive
            self._serving.tend()
        if self._is_due("drift", now):
            self._due["drift"] = now + self._rhythm.drift
            self._serving.mend()
        if self._is_due("save", now):
            self._due["save"] = now + self._rhythm.save
            self._applying.save()

    def _safely(self, do: Callable[[], None]) -> None:
        """Does it; what fails is told, and everything is done again later."""
        try:
            do()
        except (LbgenError, Refused) as error:
            self._failed(str(error))
        except Exception:
            log.exception("an update ends with a mistake of lbgen's; what was served goes on being served")
            self._failed("a mistake of lbgen's; the log has it")
        else:
            self._pause = self._rhythm.retry

    def _failed(self, error: str) -> None:
        log.error("%s; what was served goes on being served", error)
        self._states.count(failures=1)
        self._states.put(error=error)
        self._due["full"] = min(self._due["full"], time.monotonic() + self._pause)
        self._pause = min(self._pause * 2, self._rhythm.most_retry)

    def _end(self) -> None:
        self._serving.flush()
        self._applying.save()
