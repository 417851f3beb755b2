"""From all apps to a text that HAProxy accepts, in three runs of `haproxy -c` at most, whoever is at fault."""

from __future__ import annotations

import time
from dataclasses import field, replace
from typing import TYPE_CHECKING, Protocol

from lbgen import check
from lbgen.dataclass import dataclass
from lbgen.live.blaming import refused
from lbgen.live.choosing import FAIL, Chooser, reasons, served_ports, told, with_own_text
from lbgen.pipeline.faults import Faults
from lbgen.pipeline.generate import from_apps

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from lbgen.live.asking import Answer
    from lbgen.live.choosing import Choice
    from lbgen.live.memory import Bad, Memory
    from lbgen.live.reading import Fleet
    from lbgen.live.state import LeftOut
    from lbgen.marathon.apps import MarathonApp
    from lbgen.model.service import Service
    from lbgen.pipeline.generate import Generated
    from lbgen.pipeline.options import Options
    from lbgen.render.writer import Rendered

    Resolve = Callable[[str], str | None]
    Guard = Callable[[Generated], str]

MOST_RUNS = 3


class Asking(Protocol):
    """Whoever says whether a text is accepted."""

    def ask(self, rendered: Rendered, services: Sequence[Service] = (), last: Collection[str] = ()) -> Answer:
        """The verdict on a configuration of these services; apps whose documents are in `last` are read last."""


@dataclass(slots=True)
class Update:
    """What came of all apps: what to serve, or why nothing new is.

    `generated` is None where nothing new may be served; then `error` says why, or `held` where that is for doubts about
    Marathon's answer. `asked` are the ids of the apps in the text as they are, `kept` has those in their last form.
    """

    generated: Generated | None
    left_out: tuple[LeftOut, ...] = ()
    runs: int = 0
    error: str = ""
    held: str = ""
    asked: Collection[str] = ()
    kept: Mapping[str, MarathonApp] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


class Updating:
    """Makes updates, and remembers what it learned by them.

    `unbindable` says of a text which of its frontends nobody can listen for, and is empty where all can be.
    """

    def __init__(
        self,
        options: Options,
        asking: Asking | None,
        memory: Memory,
        on_error: str,
        resolve: Resolve | None = None,
        *,
        unbindable: Callable[[str], str] = lambda _: "",
    ) -> None:
        self.memory = memory
        self.unbindable = unbindable
        self.accepted_text = ""
        self._options = options
        self._asking = asking
        self._on_error = on_error
        self._resolve = resolve

    def update(self, fleet: Fleet, guard: Guard = lambda _: "") -> Update:
        """What to serve for these apps; `guard` may hold it back by a sentence.

        Raises ToolError where HAProxy cannot be asked, InputError where a template of the operator's is not usable.
        """
        self.memory.keep_only(fleet.keys())
        return _Attempt(self, fleet, guard).update()

    def generate(self, choice: Choice) -> Generated:
        """The text of the chosen apps."""
        return from_apps(choice.inputs(), self._options, resolve=self._resolve, may_be_empty=True)

    def ask(self, generated: Generated, last: Collection[str] = ()) -> Answer | None:
        """HAProxy's answer; None where the text was accepted before, or nobody is to be asked."""
        assert generated.rendered is not None  # noqa: S101 - there is a text even for nobody
        if self._asking is None or generated.rendered.text == self.accepted_text:
            return None
        return self._asking.ask(generated.rendered, generated.services, last)

    @property
    def on_error(self) -> str:
        """What becomes of apps that are refused."""
        return self._on_error


class _Attempt:
    """One update: at most three texts, each without those who were at fault in the one before."""

    def __init__(self, updating: Updating, fleet: Fleet, guard: Guard) -> None:
        self._updating = updating
        self._memory = updating.memory
        self._fleet = fleet
        self._guard = guard
        self._wall = time.time()
        self._now = time.monotonic()
        self._faults = Faults()
        self._unnamed: dict[str, Bad] = {}
        self._seconds = {"generate": 0.0, "check": 0.0}
        self._runs = 0
        self._ports: dict[str, set[int]] = {}
        self._unproven: set[str] = set()
        self._own: set[str] = set()
        self._chooser = Chooser(fleet, updating.memory, updating.on_error, self._now)
        self._choice = self._chooser.choice

    def update(self) -> Update:
        generated = self._generate()
        if held := self._guard(generated):
            return self._ended(None, held=held)
        if self._updating.on_error == FAIL and (why := self._refused()):
            return self._ended(None, error=why)
        while True:
            answer = self._ask(generated)
            if answer is None:
                return self._accepted(generated)
            blamed = self._blame(answer, generated)
            if self._updating.on_error == FAIL or self._runs == MOST_RUNS:
                return self._ended(None, error=self._refusal(answer))
            # Two runs have told what they could. The third takes what cannot go wrong, and the rest has to wait.
            if not blamed or self._runs == MOST_RUNS - 1:
                self._wait_for_the_rest(everybody=not blamed)
                if not self._choice.asked and not self._choice.kept:
                    return self._ended(None, error=self._refusal(answer))
            generated = self._generate()

    def _generate(self) -> Generated:
        """The text of the chosen apps; those that lbgen cannot write are left out, and their stand-ins tried."""
        started = time.monotonic()
        while True:
            generated = self._updating.generate(self._choice)
            lost = set(generated.names_left_out) & (self._choice.asked.keys() | self._choice.kept.keys())
            self._leave_out(reasons(lost, generated.findings, self._fleet, self._wall))
            if not lost and not self._without_others_ports(generated):
                break
        self._ports = served_ports(generated, self._choice)
        unproven = {app_id for app_id, ports in self._ports.items() if not self._is_good(app_id, ports)}
        # What brings text of its own may be anything; the others are lbgen's own text, filled with checked values.
        self._unproven, self._own = unproven, with_own_text(unproven, generated, self._choice)
        self._seconds["generate"] += time.monotonic() - started
        return generated

    def _without_others_ports(self, generated: Generated) -> bool:
        """Leaves out the apps whose ports somebody else has; whether there are any."""
        assert generated.rendered is not None  # noqa: S101 - there is a text even for nobody
        said = self._updating.unbindable(generated.rendered.text)
        found = refused(said, generated.services, self._fleet) if said else []
        self._leave_out({entry.app_id: bad for entry, bad in found}, among=True)
        return bool(found)

    def _is_good(self, app_id: str, ports: Collection[int]) -> bool:
        return self._memory.is_good(self._fleet[app_id], ports)

    def _leave_out(self, bad: dict[str, Bad], *, among: bool = False) -> None:
        for app_id, why in bad.items():
            entry = self._fleet[app_id]
            if app_id in self._choice.kept:
                # Its stand-in is refused, which is no news of what it is now.
                self._memory.last.pop(app_id, None)
            elif why.rule == "unresolved-host":
                self._unnamed[app_id] = why
            else:
                self._memory.refuse(entry, replace(why, among=among), self._now)
            self._chooser.leave_out(entry, keep=self._updating.on_error == "keep-last")

    def _refused(self) -> str:
        """Why nothing is served, where one app is enough for that; empty where all can be."""
        left_out = self._told()
        return f"{left_out[0].app}: {left_out[0].reason}" if left_out else ""

    def _ask(self, generated: Generated) -> Answer | None:
        """The refusal, or None where the text is accepted."""
        started = time.monotonic()
        answer = self._updating.ask(generated, self._risky())
        self._seconds["check"] += time.monotonic() - started
        self._runs += answer is not None
        return None if answer is None or answer.verdict.accepted else answer

    def _risky(self) -> set[str]:
        """The documents of the apps that HAProxy might give up at."""
        return {self._choice.asked[app_id].ref.document for app_id in self._own}

    def _blame(self, answer: Answer, generated: Generated) -> bool:
        """Leaves out those at fault; whether there are any."""
        assert generated.rendered is not None  # noqa: S101 - it was asked about
        refs = self._faults.of(answer.verdict, generated.rendered)
        ids = self._choice.forms()
        blamed = {ids[ref.document] for ref in refs if ref.document in ids}
        assert answer.config is not None  # noqa: S101 - it is refused
        found = check.findings(answer.verdict, answer.config, source_map=generated.rendered.source_map)
        # What HAProxy finds once all is read may be for want of another app.
        among = all(said.message.line is None for said in answer.verdict.messages)
        self._leave_out(reasons(blamed, found, self._fleet, self._wall), among=among)
        return bool(blamed)

    def _wait_for_the_rest(self, *, everybody: bool) -> None:
        """Puts off the apps that might be refused: those that bring text of their own, or everybody unknown."""
        for app_id in (self._unproven if everybody else self._own) & self._choice.asked.keys():
            entry = self._fleet[app_id]
            self._memory.waiting[app_id] = entry.digest
            self._chooser.leave_out(entry, keep=True)

    def _accepted(self, generated: Generated) -> Update:
        assert generated.rendered is not None  # noqa: S101 - it was asked about
        self._updating.accepted_text = generated.rendered.text
        for app_id, ports in self._ports.items():
            self._memory.accept(self._fleet[app_id], ports)
        return self._ended(generated)

    def _told(self) -> tuple[LeftOut, ...]:
        return told(self._fleet, self._choice, self._memory, self._unnamed, self._wall)

    def _ended(self, generated: Generated | None, *, error: str = "", held: str = "") -> Update:
        choice = self._choice
        return Update(generated, self._told(), self._runs, error, held, set(choice.asked), choice.kept, self._seconds)

    def _refusal(self, answer: Answer) -> str:
        first = answer.verdict.messages[0].message.text if answer.verdict.messages else "without a word"
        return f"HAProxy refuses the configuration: {first}"
