"""The loop of a live load balancer: it waits for something to happen, and brings HAProxy to what Marathon says."""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

from lbgen.errors import LbgenError
from lbgen.live.beside import Beside
from lbgen.live.contract import SourceError
from lbgen.live.fleet import Changed, Knowledge
from lbgen.live.garbage import Garbage
from lbgen.live.logs import CHANGES
from lbgen.live.looking import Looking
from lbgen.live.once import once
from lbgen.live.saving import Saving
from lbgen.live.serving import Later, Refused
from lbgen.live.status import is_over

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
        self._knowledge = Knowledge(Beside(source, self._meanwhile, rhythm.alive))
        self._looking = Looking(serving, triggers, rhythm.drift)
        self._saving = Saving(applying)
        self._garbage = Garbage()
        self._stop = threading.Event()
        self._pause = rhythm.retry
        self._syncs = 0
        now = time.monotonic()
        self._due = {"full": now, "alive": now + rhythm.alive, "save": now + rhythm.save, "reload": math.inf}

    def run(self) -> None:
        """Runs until it is told to stop; what fails is told, and tried again."""
        if self._rhythm.events:
            threading.Thread(target=self._listen, name="events", daemon=True).start()
        while True:
            work = self._triggers.next(self._seconds())
            if work.stop:
                break
            self._safely(partial(self._turn, work))
            # Where something happens all the time, there is never nothing else to do.
            self._safely(self._go_on)
            self._safely(partial(self._tend, idle=work.idle))
            self._triggers.done()
        self._stop.set()
        self._safely(self._end)
        self._garbage.end()

    def once(self) -> None:
        """One update, as those do that ask Marathon once and end.

        Raises LbgenError where it fails.
        """
        once(self._knowledge, self._applying, self._states)
        self._end()

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                for change in self._source.events(self._stop):
                    self._triggers.heard(change)
            except Exception:
                log.exception("the stream of events ends with a mistake of lbgen's; it is opened again")
            self._stop.wait(self._rhythm.retry)

    def _seconds(self) -> float:
        soon = min([*self._due.values(), *self._applying.due.values(), self._looking.due]) - time.monotonic()
        return max(0.0, min(soon, self._rhythm.write) if self._serving.unwritten else soon)

    def _turn(self, work: Work) -> None:
        now, reloads = time.monotonic(), self._states.now.reloads
        self._states.count(events=work.events)
        if work.anew:
            self._applying.try_all_anew()
        try:
            self._update(work, now)
        finally:
            if work.reload or self._is_due("reload", now):
                self._due["reload"] = math.inf
                # A reload for the update is the one that was wished for.
                if self._states.now.reloads == reloads:
                    self._reload()

    def _update(self, work: Work, now: float) -> None:
        if work.everything or self._is_due("full", now) or self._applying.is_due("confirm", now):
            self._everything(work)
        elif work.apps:
            self._some(work)
        if work.mend:
            self._unless_later(self._serving.mend)

    def _go_on(self) -> None:
        """What an update left to be done later."""
        again, trial = self._apply, partial(self._applying.try_some, self._knowledge)
        for what, do in (("again", again), ("trial", trial)):
            if self._applying.is_due(what, time.monotonic()):
                self._applying.due[what] = time.monotonic() + self._pause
                do()
                return

    def _is_due(self, what: str, now: float) -> bool:
        return now >= self._due[what]

    def _everything(self, work: Work) -> None:
        if confirming := self._applying.is_due("confirm", time.monotonic()):
            self._applying.due["confirm"] = time.monotonic() + self._pause
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
        self._pause = self._rhythm.retry

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
        # What is known by now is not served before this comes to its end.
        in_step, self._applying.in_step = self._applying.in_step, False
        short = len(changed) <= _MOST_APPS and self._applying.parts.shrinking.is_small(changed)
        if short and all(self._applying.patch(each, work.at) for each in changed):
            self._applying.in_step = in_step
            return True
        self._apply(work.at)
        return False

    def _reload(self) -> None:
        """Has HAProxy read its file again, once the last reload is long enough ago."""
        self._due["reload"] = math.inf
        # Whatever is on disk is not what was made of Marathon's apps, until it is known to be.
        in_step, self._applying.in_step = self._applying.in_step, False
        self._unless_later(self._serving.reload)
        self._applying.in_step = in_step

    def _unless_later(self, do: Callable[[], None]) -> None:
        """Does it, or has HAProxy reloaded once the last reload is long enough ago."""
        try:
            do()
        except Later as later:
            self._due["reload"] = time.monotonic() + later.seconds

    def _meanwhile(self) -> None:
        """What cannot wait for an answer of Marathon."""
        if self._triggers.take_reload():
            self._due["reload"] = time.monotonic()
        if self._is_due("reload", time.monotonic()):
            self._safely(self._reload)
        self._safely(partial(self._tend, idle=True))

    def _tend(self, *, idle: bool) -> None:
        now, since = time.monotonic(), self._serving.unwritten_since
        if since is not None and (idle or now - since > self._rhythm.most_write):
            self._serving.flush()
        if self._is_due("alive", now):
            self._due["alive"] = now + self._rhythm.alive
            self._serving.tend()
            if self._rhythm.events and not self._listening():
                self._due["full"] = min(self._due["full"], now + self._rhythm.deaf)
        if now >= self._looking.due:
            self._looking.look()
            self._serving.settle()
        if self._is_due("save", now):
            self._due["save"] = now + self._rhythm.save
            self._saving.begin()

    def _safely(self, do: Callable[[], None]) -> None:
        """Does it; what fails is told, and everything is done again later."""
        before = self._states.now
        try:
            do()
        except (LbgenError, Refused) as error:
            self._failed(str(error))
        except Exception:
            log.exception("an update ends with a mistake of lbgen's; what was served goes on being served")
            self._failed("a mistake of lbgen's; the log has it")
        else:
            for sentence in is_over(before, self._states.now):
                log.info("%s", sentence)

    def _failed(self, error: str) -> None:
        # What begins again after all was well is news.
        told = log if error == self._states.now.error else logging.getLogger(CHANGES)
        goes_on = "what was served goes on being served" if self._states.now.ready else "nothing is served yet"
        told.error("%s; %s", error, goes_on)
        self._states.count(failures=1)
        self._states.put(error=error)
        self._due["full"] = min(self._due["full"], time.monotonic() + self._pause)
        self._pause = min(self._pause * 2, self._rhythm.most_retry)

    def _end(self) -> None:
        self._serving.flush()
        self._saving.end()
