"""One pool's HAProxy and its file: brought from one text to the next, watched, and ended."""

from __future__ import annotations

import logging
import shutil
import time
from typing import TYPE_CHECKING, NamedTuple

from lbgen.control import master
from lbgen.errors import ToolError
from lbgen.live.files import Files
from lbgen.live.logs import CHANGES
from lbgen.live.serving import Refused, Serving
from lbgen.live.state import State, States
from lbgen.pipeline.pool_files import write_beside
from lbgen.server.instances import environment
from lbgen.server.instances.verdicts import refusal
from lbgen.server.instances.watching import Deed, Watch, patience

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from lbgen.edgelb.pool import Pool
    from lbgen.live.contract import Haproxy, Runtime
    from lbgen.server.instances.binding import Addresses
    from lbgen.server.instances.engine import Engine
    from lbgen.server.instances.places import Place
    from lbgen.server.rendering import Rendering
    from lbgen.server.running import Wanted

log = logging.getLogger("lbgen.server")
changes = logging.getLogger(CHANGES)

SPACING = 1.0
"""Seconds between two reloads of a pool, at least."""


class Machine(NamedTuple):
    """What the pools of this machine share: by what they run, who listens where, and where certificates are.

    `others` are engines by which HAProxy may have been started before.
    """

    engine: Engine
    addresses: Addresses
    certificates: Path
    others: Mapping[str, Engine]


class Balancer:
    """The HAProxy of the place; used by one thread, but for `text` and `runtime`."""

    def __init__(self, place: Place, machine: Machine) -> None:
        self._place = place
        self._machine = machine
        self._environment: dict[str, str] = {}
        self._haproxy: Haproxy | None = None
        self._serving: Serving | None = None
        self._watch = Watch()
        self._rendering: tuple[Wanted, Rendering] | None = None

    @property
    def text(self) -> str | None:
        """The text that runs, None where nothing does."""
        serving = self._serving
        return serving.text if serving is not None and serving.running else None

    @property
    def there(self) -> bool:
        """Whether there is anything of it."""
        return self._place.directory.exists()

    def runtime(self) -> Runtime | None:
        """The runtime API, where something runs."""
        haproxy = self._haproxy
        return haproxy.runtime() if haproxy is not None and self.text is not None else None

    def bring(self, wanted: Wanted) -> tuple[str, bool]:
        """Why what is wanted does not run now, empty where it does; and whether that may change any moment.

        Raises Later where the last reload was a moment ago, ToolError and OSError where it cannot be done.
        """
        if wanted.instances < 1:
            self.stop()
            return "", False
        self._begin()
        rendering = self._rendering_of(wanted)
        try:
            problem, soon = self._change(rendering)
        finally:
            self._note()
        if problem:
            self._go_on()
        return problem, soon

    def tend(self) -> None:
        """Starts HAProxy again where it has ended, or has not answered for long."""
        serving, haproxy = self._serving, self._haproxy
        if serving is None or haproxy is None or not self._watch.begun:
            return
        alive = serving.running and haproxy.alive()
        there = not alive and self._machine.engine.runs(self._place)
        deed = self._watch.deed(time.monotonic(), alive=alive, there=there)
        if deed is Deed.END:
            changes.error("pool %s: HAProxy does not answer, and is ended", self._place.pool)
            haproxy.stop()
        elif deed is Deed.START:
            changes.error("pool %s: HAProxy is gone, and is started again", self._place.pool)
            if serving.running:
                serving.tend()
            else:
                serving.start()

    def mend(self) -> None:
        """Has HAProxy have the servers that its file says, whoever changed them."""
        if self._serving is not None and self._serving.running:
            self._serving.settle()
            if self._serving.drifted(self._serving.text):
                self._serving.mend()

    def stop(self) -> None:
        """Ends HAProxy once it has finished what it serves, or a while later."""
        self._watch.stop()
        if self._haproxy is not None:
            self._haproxy.stop()
        elif self.there:
            self._end_others()
            self._machine.engine.haproxy(self._place, {}).stop()
        self._haproxy = self._serving = self._rendering = None
        self._machine.addresses.leave(self._place.pool)

    def remove(self) -> None:
        """Removes its files."""
        shutil.rmtree(self._place.directory, ignore_errors=True)

    def _begin(self) -> None:
        """Finds what runs already."""
        if self._haproxy is not None:
            return
        self._place.make()
        self._end_others()
        self._take(environment.kept(self._place.environment))
        if self._machine.engine.runs(self._place):
            self._go_on()
            log.info("pool %s: the HAProxy that runs is taken over", self._place.pool)

    def _take(self, added: dict[str, str]) -> None:
        """Begins with a HAProxy that has this added to its environment; the one of before is ended."""
        if self._haproxy is not None:
            self._haproxy.stop()
        self._environment = added
        self._haproxy = self._machine.engine.haproxy(self._place, added)
        files = Files(self._place.config, self._place.directory)
        files.clear()
        states = States(State(started=time.monotonic(), config_path=str(self._place.config)))
        self._serving = Serving(files, self._haproxy, states, SPACING)

    def _end_others(self) -> None:
        """Ends a HAProxy that was started otherwise than it would be now."""
        engine = self._machine.engine
        try:
            before = self._place.by.read_text().strip()
        except OSError:
            before = engine.kind
        if before != engine.kind:
            if (other := self._machine.others.get(before)) is not None:
                other.haproxy(self._place, {}).stop()
            elif master.processes(str(self._place.master)) is not None:
                raise ToolError(f"it runs as a {before} still, which cannot be ended now")
        self._place.by.write_text(f"{engine.kind}\n")

    def _rendering_of(self, wanted: Wanted) -> Rendering:
        """What was rendered for this already, where that led to a text: it is tried again, and would be the same."""
        before = self._rendering
        if before is None or before[0] is not wanted or before[1].text is None:
            self._rendering = before = (wanted, wanted.render())
        return before[1]

    def _change(self, rendering: Rendering) -> tuple[str, bool]:
        """Brings HAProxy to the text; why that cannot be, and whether it may change any moment."""
        text = rendering.text
        if text is None:
            return rendering.problem or "there is no configuration", False
        if text == self.text and self._serving is not None:
            self._serving.flush()
            # After a reload of which nobody said how it ended, HAProxy may serve another one.
            if self._serving.is_served(text, {}):
                return "", False
        if problem := self._machine.addresses.take(self._place.pool, text):
            return problem, True
        if problem := self._refusal(rendering, text) or self._serve(rendering, text):
            return problem, False
        if rendering.pool is not None:
            self._watch.patience = patience(rendering.pool)
        return "", False

    def _refusal(self, rendering: Rendering, text: str) -> str:
        """Why HAProxy refuses the text; nothing where it does not."""
        if rendering.pool is not None:
            write_beside(rendering.pool, self._machine.certificates / self._place.pool, "rsa")
        candidate = self._place.candidate
        candidate.touch(mode=0o600)
        candidate.write_text(text, encoding="utf-8", newline="")
        said = self._machine.engine.check(self._place, environment.of_pool(rendering.pool))
        candidate.unlink(missing_ok=True)
        return refusal(rendering, said, str(candidate))

    def _serve(self, rendering: Rendering, text: str) -> str:
        """Has HAProxy serve the text; why it does not."""
        self._in_its_environment(rendering.pool)
        assert self._serving is not None  # noqa: S101 - it was begun
        before = self._serving.text
        try:
            self._serving.serve(text, {})
        except Refused as refused:
            if not before:
                # What never ran is not what is gone back to.
                self._place.config.unlink(missing_ok=True)
                self._take(self._environment)
            return f"HAProxy does not serve the configuration: {refused}"
        log.info("pool %s: HAProxy serves another configuration", self._place.pool)
        return ""

    def _in_its_environment(self, pool: Pool | None) -> None:
        """Starts HAProxy anew where its environment changes: that of a process stays what it was at its start."""
        wanted = environment.of_pool(pool)
        if wanted == self._environment:
            return
        if self.text is not None:
            log.info("pool %s: HAProxy is started anew in another environment", self._place.pool)
        environment.keep(wanted, self._place.environment)
        self._take(wanted)

    def _go_on(self) -> None:
        """Has what was served last be served, if anything was and nobody else has its addresses by now."""
        serving = self._serving
        if serving is None or serving.running or not serving.text:
            return
        taken = self._machine.addresses.take(self._place.pool, serving.text)
        if not taken or self._machine.engine.runs(self._place):
            serving.start()
        self._note()

    def _note(self) -> None:
        """Notes what runs, if anything does: its addresses are its own."""
        text = self.text
        if text is not None:
            self._watch.begin(time.monotonic())
            self._machine.addresses.keep(self._place.pool, text)
        elif not self._watch.begun:
            self._machine.addresses.leave(self._place.pool)
