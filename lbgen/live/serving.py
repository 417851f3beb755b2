"""From one text to the next: on disk, and in the HAProxy that runs, by the way that disturbs least."""

from __future__ import annotations

import logging
import math
import time
from typing import TYPE_CHECKING

from lbgen.errors import ToolError
from lbgen.live.binding import taken
from lbgen.live.haproxy.changes import ReloadNeeded
from lbgen.live.haproxy.dynamic import Dynamic
from lbgen.live.haproxy.mending import Mending
from lbgen.live.haproxy.spacing import Backoff, Spacing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.live.contract import Haproxy
    from lbgen.live.files import Files
    from lbgen.live.state import States

log = logging.getLogger("lbgen.live")

_PATIENCE = 1.0
"""Seconds after which HAProxy starts with the file on disk, where there is nothing newer by then."""


class Refused(Exception):  # noqa: N818 - it is an answer
    """HAProxy does not serve the new configuration, and goes on with the old one; `str()` is what it said."""


class Later(Exception):  # noqa: N818 - it is an answer
    """The last reload was a moment ago: nothing is done before `seconds` are over."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the next reload is {seconds:.1f} s away")
        self.seconds = seconds


class Serving:
    """Keeps the file and HAProxy at one text, with at least `spacing` seconds between two reloads.

    `own` says that it is lbgen that starts HAProxy, on this machine; else it runs already, whatever it serves.
    """

    def __init__(
        self, files: Files, haproxy: Haproxy, states: States, spacing: float = 0.0, *, own: bool = True
    ) -> None:
        self.text = files.text()
        self.unwritten_since: float | None = None
        self._maps = files.maps()
        self._files = files
        self._haproxy = haproxy
        self._dynamic = Dynamic(haproxy.runtime)
        self._mending = Mending(self._dynamic, self._reload)
        self._spacing = Spacing(spacing)
        self._states = states
        self._own = own
        self._running = not own
        # Whether HAProxy serves `text`, and nothing of another one; what it served when that was last so; and whether
        # it said what came of the last reload.
        self._certain = self._told = True
        self._good = self.text, dict(self._maps)
        # Whoever waits longer for something newer than the file on disk is served that meanwhile.
        self._again = time.monotonic() + _PATIENCE if own else math.inf
        self._backoff = Backoff()

    @property
    def unwritten(self) -> bool:
        """Whether HAProxy serves what is not on disk yet."""
        return self.unwritten_since is not None

    @property
    def running(self) -> bool:
        """Whether HAProxy has been started, or told, and has not been found dead since."""
        return self._running

    def start(self) -> bool:
        """Starts HAProxy with what is on disk, if there is anything; whether it serves that."""
        if self._running or not self.text:
            return self._running
        try:
            self._haproxy.start()
        except ToolError as error:
            log.error("HAProxy does not start with the file on disk: %s", error)  # noqa: TRY400 - a sentence is enough
            return False
        self._serves()
        self._backoff.succeeded()
        self._states.put(ready=True)
        return True

    def is_served(self, text: str, maps: Mapping[str, str]) -> bool:
        """Whether this is what the file and HAProxy have already."""
        whole = self._certain and not self._dynamic.torn
        return self._running and whole and not self.unwritten and text == self.text and self._maps_equal(maps)

    def _maps_equal(self, maps: Mapping[str, str]) -> bool:
        return all(self._maps.get(name) == content for name, content in maps.items())

    def serve(self, text: str, maps: Mapping[str, str], *, at_once: bool = True) -> None:
        """Has HAProxy serve this text, `at_once` where its runtime API can do it; does nothing where it does already.

        Raises ToolError where the files cannot be written, Refused where HAProxy does not take them, and Later where it
        was reloaded a moment ago: then the files are as they were.
        """
        if self.is_served(text, maps):
            return
        if at_once and self._maps_equal(maps) and self.patch(text):
            self.flush()
            return
        self._spacing.request()
        if self._running and (seconds := self._spacing.wait()):
            raise Later(seconds)
        if others := self.unbindable(text):
            raise Refused(others)
        self._write(text, maps)
        try:
            self._reload()
        except Refused:
            self._take_back()
            raise
        self._keep_version()

    def _take_back(self) -> None:
        """Writes what HAProxy goes on with: a start from disk must not end with what it has just refused."""
        text, maps = self._good
        if text:
            self._write(text, maps)
            self._certain = self._told
            self.start()

    def unbindable(self, text: str) -> str:
        """Which frontends of the text nobody can listen for, in a sentence; nothing where that is not ours to know."""
        return "; ".join(map(str, taken(self.text if self._running else "", text))) if self._own else ""

    def patch(self, text: str) -> bool:
        """Has the running HAProxy go over to this text without a reload; the file has to be written afterwards."""
        if not self._is_known():
            return False
        started = time.monotonic()
        commands = self._dynamic.bring(self.text, text)
        if commands is None:
            return False
        self._states.took("runtime", time.monotonic() - started)
        self._states.count(runtime_updates=1, runtime_commands=commands)
        self.text = text
        self._good = text, dict(self._maps)
        self.unwritten_since = self.unwritten_since or time.monotonic()
        self._states.put(changed=time.monotonic())
        return True

    def flush(self) -> None:
        """Writes the text that HAProxy has been brought to, if that is yet to be done; raises ToolError."""
        if self.unwritten:
            self._write(self.text, self._maps)

    def reload(self) -> None:
        """Has HAProxy read what is on disk again.

        Raises Refused where it does not take it, ToolError, and Later where it was reloaded a moment ago.
        """
        self._spacing.request()
        if self._running and (seconds := self._spacing.wait()):
            raise Later(seconds)
        self.flush()
        self.text, self._maps = self._files.text(), self._files.maps()
        self._reload()

    def tend(self) -> None:
        """Starts HAProxy again where it has died, at once and then ever more rarely; another's is only watched."""
        now, alive = time.monotonic(), not self._running or self._haproxy.alive()
        if not self._own:
            self._states.put(ready=alive)
            return
        if not alive:
            log.error("HAProxy is gone: it is started again")
            self._running, self._again = False, now
            self._states.count(restarts=1)
            self._states.put(ready=False)
        if not self._running and now >= self._again:
            self._again = math.inf if self.start() else time.monotonic() + self._backoff.failed()

    def drifted(self, text: str) -> bool:
        """Whether HAProxy has other servers than this text says; may be asked from another thread."""
        if not self._is_known():
            return False
        try:
            return bool(self._dynamic.drift(text)) and text is self.text
        except (OSError, ValueError, ReloadNeeded):
            return False

    def settle(self) -> None:
        """Deletes servers that could not be deleted so far, where they can be now."""
        if self._running and self._haproxy.runtime() is not None:
            self._dynamic.settle()

    def mend(self) -> None:
        """Brings HAProxy back to its text where somebody has changed it; raises ToolError where it cannot write."""
        if not self._is_known():
            return
        self.flush()
        if commands := self._mending(self.text):
            self._states.count(drifts=1)
            log.warning("HAProxy had other servers than its file says: put right with %d commands", commands)

    def _is_known(self) -> bool:
        """Whether what HAProxy serves is known, and it can be spoken to."""
        return self._running and self._certain and self._haproxy.runtime() is not None

    def _write(self, text: str, maps: Mapping[str, str]) -> None:
        started = time.monotonic()
        self._files.write(text, maps)
        self.text, self._maps, self.unwritten_since = text, {**self._maps, **maps}, None
        self._states.took("write", time.monotonic() - started)
        self._states.count(writes=1)

    def _keep_version(self) -> None:
        try:
            self._files.keep_version(self.text)
        except ToolError as error:
            log.warning("%s", error)

    def _reload(self) -> None:
        self._certain, self._told = False, True
        if not self._running:
            self._start_new()
            return
        self._spacing.begin()
        done = self._haproxy.reload()
        self._told = done.known
        self._spacing.end()
        self._states.took("reload", done.seconds)
        if not done.served:
            self._states.count(failed_reloads=1)
            raise Refused(done.message or "HAProxy does not say why")
        self._serves()
        self._states.count(reloads=1)
        log.info("HAProxy is reloaded, which took %.1f s", done.seconds)
        self._states.put(changed=time.monotonic(), ready=True)

    def _start_new(self) -> None:
        try:
            self._haproxy.start()
        except ToolError as error:
            raise Refused(str(error)) from None
        self._serves()
        self._states.put(changed=time.monotonic(), ready=True)

    def _serves(self) -> None:
        """Notes that HAProxy has read what is on disk."""
        self._dynamic.forget()
        self._running = self._certain = True
        self._good = self.text, dict(self._maps)
