"""The loop of a live load balancer: it waits for something to happen, and brings HAProxy to what Marathon says."""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from lbgen.errors import LbgenError, ToolError
from lbgen.live.contract import SourceError
from lbgen.live.fleet import Changed, Knowledge
from lbgen.live.garbage import Garbage
from lbgen.live.serving import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from lbgen.live.applying import Applying
    from lbgen.live.contract import Source
    from lbgen.live.rhythm import Rhythm
    from lbgen.live.serving import Serving
    from lbgen.live.state import States
    from lbgen.live.triggers import Triggers, Work

log = logging.getLogger("lbgen.live")

_MOST_APPS = 50
"""Apps that are asked for one by one; where more changed, all are."""

_MOST_TRIALS = 100
_RARELY = 60
"""How much longer than a look at HAProxy's servers the time until the next one is, at least."""
_WHOLE = 12
"""Answers of Marathon until everything is made anew though little has changed, with addresses asked for again."""


class Loop:
    """Does what `triggers` ask for, one after the other, until it is told to stop.

    `refresh` is called before everything is made anew; `listening` tells whether somebody hears Marathon's events now.
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
        listening: Callable[[], bool] = lambda: True,
    ) -> None:
        self._source = source
        self._applying = applying
        self._serving = serving
        self._triggers = triggers
        self._states = states
        self._rhythm = rhythm
        self._refresh = refresh
        self._listening = listening
        self._knowledge = Knowledge(source)
        self._garbage = Garbage()
        self._stop = threading.Event()
        self._pause = rhythm.retry
        self._syncs = 0
        self._looking: threading.Thread | None = None
        self._saving: threading.Thread | None = None
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
        elif work.mend:
            self._serving.mend()
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
        try:
            changed = self._knowledge.fetch(self._states)
        except SourceError:
            self._serving.start()
            raise
        self._syncs += 1
        if work.anew or confirming or not self._applying.in_step or self._syncs % _WHOLE == 0:
            self._refresh()
            self._apply(work.at, confirmed=confirming)
        elif self._patch(changed, work):
            self._applying.heard_all(self._knowledge)

    def _apply(self, at: float | None = None, *, confirmed: bool = False) -> None:
        with self._garbage.kept_away():
            self._applying.apply(self._knowledge, confirmed=confirmed, at=at)

    def _some(self, work: Work) -> None:
        if len(work.apps) > _MOST_APPS or not self._knowledge.fleet:
            self._everything(work)
            return
        changed = self._knowledge.fetch_apps(sorted(work.apps), self._states)
        self._patch(changed, work)

    def _patch(self, changed: list[Changed], work: Work) -> bool:
        """Serves the changes by the short way, or else makes everything anew; whether the former was enough."""
        short = len(changed) <= _MOST_APPS and self._applying.parts.shrinking.is_small(changed)
        if short and all(self._applying.patch(each, work.at) for each in changed):
            return True
        self._apply(work.at)
        return False

    def _tend(self, now: float, *, idle: bool) -> None:
        since = self._serving.unwritten_since
        if since is not None and (idle or now - since > self._rhythm.most_write):
            self._serving.flush()
        if self._is_due("alive", now):
            self._due["alive"] = now + self._rhythm.alive
            self._serving.tend()
            if self._rhythm.events and not self._listening():
                self._due["full"] = min(self._due["full"], now + self._rhythm.deaf)
        if self._is_due("drift", now):
            self._due["drift"] = now + self._rhythm.drift
            self._serving.settle()
            self._look_for_drift()
        if self._is_due("save", now):
            self._due["save"] = now + self._rhythm.save
            self._save()

    def _look_for_drift(self) -> None:
        """Looks, beside the loop, whether somebody has changed HAProxy's servers: in a large fleet that takes long."""
        if self._looking is None or not self._looking.is_alive():
            self._looking = threading.Thread(target=self._look, args=(self._serving.text,), name="drift", daemon=True)
            self._looking.start()

    def _look(self, text: str) -> None:
        started = time.monotonic()
        try:
            if self._serving.drifted(text):
                self._triggers.mend()
        except Exception:
            log.exception("a look at HAProxy's servers ends with a mistake of lbgen's")
        # Looking takes some seconds where there are many servers, and may not become all that lbgen does.
        now = time.monotonic()
        self._due["drift"] = now + max(self._rhythm.drift, _RARELY * (now - started))

    def _save(self) -> None:
        """Keeps what is known, beside the loop."""
        if (keep := self._applying.save()) is not None:
            self._saving = threading.Thread(target=_kept, args=(keep,), name="save")
            self._saving.start()

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
        # What goes on for long is told once.
        level = logging.DEBUG if error == self._states.now.error else logging.ERROR
        log.log(level, "%s; what was served goes on being served", error)
        self._states.count(failures=1)
        self._states.put(error=error)
        self._due["full"] = min(self._due["full"], time.monotonic() + self._pause)
        self._pause = min(self._pause * 2, self._rhythm.most_retry)

    def _end(self) -> None:
        if self._saving is not None:
            self._saving.join()
        self._serving.flush()
        if (keep := self._applying.save()) is not None:
            _kept(keep)


def _kept(keep: Callable[[], None]) -> None:
    try:
        keep()
    except ToolError as error:
        log.warning("%s", error)
