"""An engine without HAProxy: it does what it is told, and remembers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.errors import ToolError
from lbgen.live.contract import Process, Reloaded
from lbgen.server.instances.engine import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.live.contract import Runtime
    from lbgen.server.instances.places import Place

REFUSED = "refuse-me"
CRASHES = "crash-me"
HANGS = "hang-on-me"


class Scripted:
    """Serves any text but one with `REFUSED` in it; of one with `CRASHES` it finds out too late.

    One with `HANGS` it serves without saying so.
    """

    kind = "script"
    patient = True

    def __init__(self) -> None:
        self.running: dict[str, str] = {}
        self.hanging: set[str] = set()
        self.did: list[str] = []
        self.broken = ""

    def haproxy(self, place: Place, environment: Mapping[str, str]) -> ScriptedHaproxy:
        return ScriptedHaproxy(self, place, environment)

    def runs(self, place: Place) -> bool:
        return place.pool in self.running

    def check(self, place: Place, environment: Mapping[str, str]) -> Said:  # noqa: ARG002 - the protocol's
        if self.broken:
            raise ToolError(self.broken)
        lines = place.candidate.read_text().splitlines()
        bad = next((number for number, line in enumerate(lines, 1) if REFUSED in line), None)
        if bad is None:
            return Said(0, "")
        return Said(1, f"[ALERT]    (1) : config : parsing [{place.candidate}:{bad}] : unknown keyword '{REFUSED}'.\n")


class ScriptedHaproxy:
    def __init__(self, engine: Scripted, place: Place, environment: Mapping[str, str]) -> None:
        self._engine = engine
        self._place = place
        self._environment = dict(environment)

    def start(self) -> None:
        text = self._place.config.read_text()
        if CRASHES in text:
            raise ToolError("HAProxy did not start: no more sockets")
        adopted = self._place.pool in self._engine.running
        self._note("adopt" if adopted else f"start {self._environment}" if self._environment else "start")
        self._engine.running[self._place.pool] = text

    def reload(self) -> Reloaded:
        text = self._place.config.read_text()
        if CRASHES in text:
            return Reloaded(False, "no more sockets", 0)
        self._note("reload")
        self._engine.running[self._place.pool] = text
        if HANGS in text:
            return Reloaded(False, "no answer", 0, known=False)
        return Reloaded(True, "", 0)

    def alive(self) -> bool:
        return self._place.pool in self._engine.running and self._place.pool not in self._engine.hanging

    def processes(self) -> list[Process]:
        return []

    def runtime(self) -> Runtime | None:
        return None

    def stop(self) -> None:
        if self._engine.running.pop(self._place.pool, None) is not None:
            self._note("stop")

    def _note(self, what: str) -> None:
        self._engine.did.append(f"{what} {self._place.pool}")
