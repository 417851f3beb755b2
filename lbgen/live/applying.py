"""What is known of Marathon's apps becomes what HAProxy serves, and the picture that status and metrics show."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import field
from typing import TYPE_CHECKING

from lbgen.codes import CODES
from lbgen.dataclass import dataclass
from lbgen.errors import LbgenError
from lbgen.live.blaming import refused
from lbgen.live.logs import CHANGES
from lbgen.live.serving import Later, Refused
from lbgen.live.shrinking import Size, size_of
from lbgen.live.status import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lbgen.live.attempt import Update
    from lbgen.live.fleet import Changed, Knowledge
    from lbgen.live.serving import Serving
    from lbgen.live.shortcut import Patch, Shortcut
    from lbgen.live.shrinking import Shrinking
    from lbgen.live.state import States
    from lbgen.live.store import Store
    from lbgen.live.trying import Trying
    from lbgen.live.updating import Updating
    from lbgen.marathon.apps import MarathonApp
    from lbgen.pipeline.generate import Generated

log = logging.getLogger("lbgen.live")
changes = logging.getLogger(CHANGES)

_TRIAL_PAUSE, _MOST_TRIAL_PAUSE = 0.2, 60.0


class NotServed(LbgenError):  # noqa: N818 - it is an answer
    """Nothing new is served, and what was served goes on being served."""


@dataclass(slots=True)
class Parts:
    """Those that an update is made by."""

    updating: Updating
    trying: Trying
    serving: Serving
    shortcut: Shortcut
    shrinking: Shrinking
    states: States
    store: Store | None = None


@dataclass(slots=True)
class Applying:
    """Brings HAProxy to what is known; `due` tells when something is to be done again, in seconds of monotonic time.

    `in_step` tells whether what is served is what was known at the last update of everything, `put_off` whether what is
    known waits for the next reload.
    """

    parts: Parts
    due: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("confirm", "again", "trial"), math.inf))
    _forms: dict[str, MarathonApp] = field(default_factory=dict)
    _kept: set[str] = field(default_factory=set)
    _told: dict[str, str] = field(default_factory=dict)
    _trial_pause: float = _TRIAL_PAUSE
    _unsaved: bool = False
    _confirmed: bool = False
    _confirming: float = 0.0
    in_step: bool = False
    put_off: bool = False

    def is_due(self, what: str, now: float) -> bool:
        """Whether it is time for this."""
        return now >= self.due[what]

    def apply(self, knowledge: Knowledge, *, confirmed: bool = False, at: float | None = None) -> None:
        """Has HAProxy serve what is known, as far as that can be served.

        `confirmed` says that Marathon was asked again after a doubtful answer, `at` when the change was heard of.
        Raises NotServed, ToolError or InputError where nothing new is served, and Refused where HAProxy refuses it.
        """
        parts, now = self.parts, time.monotonic()
        self.due["again"], self.in_step = math.inf, False
        parts.shrinking.confirmed = confirmed or self._confirmed
        self._confirmed = self.put_off = False
        self._revive(now)
        update = parts.updating.update(knowledge.fleet, parts.shrinking.doubt)
        self._note(update)
        if update.generated is None:
            self._not_served(update)
            return
        try:
            self._serve(update.generated, knowledge)
        except Later as later:
            # Nothing has changed: what is served then is what is known then.
            self.due["again"] = time.monotonic() + later.seconds
            self._confirmed, self.put_off = parts.shrinking.confirmed, True
        else:
            self._served(update, knowledge, at)

    def _note(self, update: Update) -> None:
        self.parts.states.count(checks=update.runs)
        self.parts.states.put(left_out=update.left_out)
        for stage, seconds in update.seconds.items():
            self.parts.states.took(stage, seconds)
        told = {each.app: each.reason for each in update.left_out if not each.waiting}
        for each in update.left_out:
            if not each.waiting and self._told.get(each.app) != each.reason:
                what = "is served in its last good form" if each.kept else "is left out"
                changes.warning("the app %s %s: %s", each.app, what, reason_of(each))
        for app_id in self._told.keys() - told.keys():
            changes.info("the app %s is no longer left out", app_id)
        self._told = told

    def _not_served(self, update: Update) -> None:
        if not update.held:
            # What two runs told is remembered: the next update begins without it.
            self._wait_for_trials()
            raise NotServed(update.error)
        self.parts.states.put(apps_shrunk=update.held)
        wait, now = self.parts.shrinking.wait, time.monotonic()
        # Events that come meanwhile must not put it off for ever.
        if wait != self._confirming or not now < self.due["confirm"] < math.inf:
            self.due["confirm"], self._confirming = now + wait, wait
        log.warning("%s [%s]", update.held, CODES["apps-shrunk"])
        self.parts.serving.start()

    def _serve(self, generated: Generated, knowledge: Knowledge) -> None:
        """Has the text served; whom HAProxy names where it refuses that is left out the next time."""
        assert generated.rendered is not None  # noqa: S101 - there is a text
        try:
            self.parts.serving.serve(generated.rendered.text, generated.rendered.maps)
        except Refused as error:
            for entry, bad in refused(str(error), generated.services, knowledge.fleet):
                self.parts.updating.memory.refuse(entry, bad, time.monotonic())
            raise

    def _served(self, update: Update, knowledge: Knowledge, at: float | None) -> None:
        assert update.generated is not None  # noqa: S101 - it is served
        memory, now = self.parts.updating.memory, time.monotonic()
        self.due["confirm"], self.in_step = math.inf, True
        self.parts.shrinking.served(update.generated)
        self._kept = set(update.kept)
        self._forms = {app_id: app for app_id in update.asked if (app := knowledge.fleet[app_id].app) is not None}
        self._forms |= update.kept
        size = size_of(update.generated)
        if size.backends != self.parts.states.now.backends:
            log.info("served now: backends %d, servers %d", size.backends, size.servers)
        self.parts.states.count(updates=1)
        self.parts.states.put(
            updated=now,
            data_at=knowledge.at,
            apps_shrunk="",
            error="",
            served=_apps_of(update.generated),
            backends=size.backends,
            servers=size.servers,
        )
        if at is not None:
            self.parts.states.took("event", now - at)
        for service in update.generated.services:
            # They point at each other, and nobody asks for that any more: so they go when the next ones come.
            service.siblings = ()
        self._unsaved = True
        self.due["again"] = min((bad.again for bad in memory.bad.values()), default=math.inf)
        self._wait_for_trials()

    def _wait_for_trials(self) -> None:
        if not self.parts.updating.memory.waiting:
            self.due["trial"], self._trial_pause = math.inf, _TRIAL_PAUSE
            return
        self.due["trial"] = time.monotonic() + self._trial_pause
        self._trial_pause = min(self._trial_pause * 2, _MOST_TRIAL_PAUSE)

    def _revive(self, now: float) -> None:
        """Has what was refused long ago tried again by itself: what it lacked may be there now."""
        memory = self.parts.updating.memory
        for app_id, bad in memory.bad.items():
            if now >= bad.again and not bad.among:
                memory.waiting[app_id] = bad.digest

    def try_some(self, knowledge: Knowledge) -> None:
        """Tries apps that nothing is known of by themselves; those that pass take part in the next update."""
        memory = self.parts.updating.memory
        runs = self.parts.trying.step(knowledge.fleet)
        self.parts.states.count(checks=runs)
        now = time.monotonic()
        self.due["trial"] = now + _TRIAL_PAUSE if memory.waiting and runs else math.inf
        if self.parts.trying.is_stuck:
            # It would be refused for the same again, and again.
            self._wait_for_trials()
        # Who was let in is served when those have been tried who may be, too, or when nobody waits any more.
        if not memory.waiting or (self.parts.trying.released and not self.parts.trying.is_promising):
            self.parts.trying.released = False
            self.due["again"] = now

    def try_all_anew(self) -> None:
        """Forgets what was refused, and asks for addresses again."""
        self.parts.updating.memory.forget_verdicts()
        self.parts.updating.accepted_text = ""

    def patch(self, changed: Changed, at: float | None) -> bool:
        """Serves a change of one app's servers by the short way; False where everything has to be generated."""
        patch, form = self._patch_of(changed)
        if patch is None:
            return False
        if not patch.empty:
            if not self.parts.serving.patch(patch.text):
                return False
            if at is not None:
                self.parts.states.took("event", time.monotonic() - at)
        self._patched(changed, patch, form)
        return True

    def _patch_of(self, changed: Changed) -> tuple[Patch | None, MarathonApp | None]:
        app_id, before, after = changed
        memory, serving, old = self.parts.updating.memory, self.parts.serving, self._forms.get(app_id)
        if not serving.running or (after is not None and after.app is None):
            return None, None
        same = before is not None and after is not None and before.digest == after.digest
        new = after.app if after is not None else None
        if same and after is not None and app_id in self._kept:
            new = memory.stand_in(after)
        if same and old is None and app_id in self._told:
            new = None
        patch = self.parts.shortcut.patch(old, new, serving.text)
        # Another definition may be refused: it goes the long way, unless it makes no difference.
        return (patch if patch is None or same or patch.empty else None), new

    def _patched(self, changed: Changed, patch: Patch, form: MarathonApp | None) -> None:
        states, memory = self.parts.states, self.parts.updating.memory
        if form is None:
            self._forms.pop(changed.app_id, None)
        elif changed.app_id in self._forms:
            self._forms[changed.app_id] = form
            if changed.app_id in memory.last and changed.app_id not in self._kept:
                memory.last[changed.app_id] = form
        servers = states.now.servers + patch.more_servers
        states.put(updated=time.monotonic(), servers=servers)
        if (before := self.parts.shrinking.before) is not None:
            self.parts.shrinking.before = Size(before.backends, servers)

    def save(self) -> Callable[[], None] | None:
        """What keeps what is known now, in this thread or another; None where there is nothing new."""
        if not self._unsaved or self.parts.store is None:
            return None
        self._unsaved = False
        return self.parts.store.save(self.parts.updating.memory, self.parts.shrinking.before)

    def save_again(self) -> None:
        """Has what is known kept the next time, since it could not be written."""
        self._unsaved = True

    def heard_all(self, knowledge: Knowledge) -> None:
        """Notes that Marathon has told everything again, and that it is what is served."""
        self.parts.states.put(updated=time.monotonic(), data_at=knowledge.at, error="", apps_shrunk="")


def _apps_of(generated: Generated) -> int:
    return len({service.app for service in generated.services})
