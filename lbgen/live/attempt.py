"""One update of everything: three runs of `haproxy -c` at most, whoever is at fault."""

from __future__ import annotations

import time
from dataclasses import field, replace
from typing import TYPE_CHECKING

from lbgen import check
from lbgen.dataclass import dataclass
from lbgen.live.asking import Reached
from lbgen.live.blaming import refused
from lbgen.live.choosing import FAIL, Chooser, reasons, served_ports, sooner, told, with_own_text
from lbgen.live.rules.foreseeing import Foreseen
from lbgen.live.rules.judging import Doubt
from lbgen.pipeline.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from lbgen.live.asking import Answer
    from lbgen.live.memory import Bad
    from lbgen.live.reading import Fleet
    from lbgen.live.state import LeftOut
    from lbgen.live.updating import Updating
    from lbgen.marathon.apps import MarathonApp
    from lbgen.pipeline.generate import Generated

    Guard = Callable[[Generated], str]

MOST_RUNS = 3


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


class Attempt:
    """One update: at most three texts, each without those who were at fault in the one before.

    Where several apps may have HAProxy give up, the first text is a softened one, which it reads to its end.
    """

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
        self._names_told = False
        self._ports: dict[str, set[int]] = {}
        self._unproven: set[str] = set()
        self._own: set[str] = set()
        self._foreseen = Foreseen()
        self._chooser = Chooser(fleet, updating.memory, updating.on_error, self._now)
        self._choice = self._chooser.choice

    def update(self) -> Update:
        """What to serve, or why nothing new is."""
        generated = self._generate()
        if held := self._guard(generated):
            return self._ended(None, held=held)
        if self._updating.on_error == FAIL and (why := self._refused()):
            return self._ended(None, error=why)
        if error := self._wavering():
            return self._ended(None, error=error)
        softly = len(self._foreseen.doubts()) > 1
        while not self._updating.is_accepted(generated):
            answer = self._ask(generated, softly=softly)
            if not answer.verdict.accepted:
                blamed = self._blame(answer, generated, softly=softly)
                if self._updating.on_error == FAIL or self._runs == MOST_RUNS:
                    return self._ended(None, error=_refusal(answer))
                if not self._put_off(answer, softly=softly, blamed=blamed) or self._wavering():
                    return self._ended(None, error=_refusal(answer))
                generated = self._generate()
            elif not softly:
                break
            softly = False
        return self._accepted(generated)

    def _generate(self) -> Generated:
        """The text of the chosen apps, without those that lbgen cannot write, and those that have to wait."""
        started = time.monotonic()
        while True:
            generated = self._written()
            self._ports = served_ports(generated, self._choice)
            self._unproven = {app_id for app_id, ports in self._ports.items() if not self._is_good(app_id, ports)}
            # What brings text of its own may be anything; the others are lbgen's own text, filled with checked values.
            self._own = with_own_text(self._unproven, generated, self._choice)
            self._foreseen = self._updating.foresee(generated, self._documents(self._untried()))
            hopeless = {each for each in self._doubtful(Doubt.GREAT) if not self._memory.was_served(self._fleet[each])}
            if not hopeless:
                break
            self._wait(hopeless)
        self._seconds["generate"] += time.monotonic() - started
        return generated

    def _written(self) -> Generated:
        """The text of the chosen apps; those that lbgen cannot write are left out, and their stand-ins tried."""
        while True:
            generated = self._updating.generate(self._choice)
            lost = set(generated.names_left_out) & (self._choice.asked.keys() | self._choice.kept.keys())
            self._leave_out(reasons(lost, generated.findings, self._fleet, self._wall))
            if not lost and not self._without_others_ports(generated):
                return generated

    def _untried(self) -> set[str]:
        """The apps with text of their own that HAProxy has not been asked about."""
        return {app_id for app_id in self._own if not self._memory.is_tried(self._fleet[app_id])}

    def _documents(self, app_ids: Iterable[str]) -> set[str]:
        return {self._choice.asked[app_id].ref.document for app_id in app_ids}

    def _doubtful(self, least: Doubt) -> set[str]:
        """The apps in whose lines there is at least so much doubt."""
        ids = self._choice.forms()
        doubts = self._foreseen.doubts()
        return {ids[document] for document in doubts.keys() & ids.keys() if doubts[document] >= least}

    def _without_others_ports(self, generated: Generated) -> bool:
        """Leaves out the apps whose ports somebody else has; whether there are any."""
        assert generated.rendered is not None  # noqa: S101 - there is a text even for nobody
        said = self._updating.unbindable(generated.rendered.text)
        found = refused(said, generated.services, self._fleet) if said else []
        self._leave_out({entry.app_id: bad for entry, bad in found}, among=True)
        return bool(found)

    def _wavering(self) -> str:
        """Why nothing new is served before the trials are over, where what is served would go meanwhile."""
        entries = (self._fleet[app_id] for app_id in self._choice.out)
        served = [each.app_id for each in entries if self._memory.is_waiting(each) and self._memory.was_served(each)]
        return f"{len(served):,} apps that are served have to be tried by themselves first" if served else ""

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

    def _ask(self, generated: Generated, *, softly: bool) -> Answer:
        started = time.monotonic()
        last = dict.fromkeys(self._documents(self._own), 0)
        last |= {document: 1 + doubt for document, doubt in self._foreseen.doubts().items()}
        answer = self._updating.ask(generated, last, self._foreseen if softly else None)
        self._seconds["check"] += time.monotonic() - started
        self._runs += 1
        self._names_told |= answer.reached is Reached.NAMES
        return answer

    def _blame(self, answer: Answer, generated: Generated, *, softly: bool) -> bool:
        """Leaves out those at fault; whether there are any."""
        assert generated.rendered is not None  # noqa: S101 - it was asked about
        refs = self._faults.of(answer.verdict, generated.rendered)
        ids = self._choice.forms()
        blamed = {ids[ref.document] for ref in refs if ref.document in ids}
        assert answer.config is not None  # noqa: S101 - it is refused
        found = check.findings(answer.verdict, answer.config, source_map=generated.rendered.source_map)
        # What HAProxy finds once all is read may be for want of another app.
        bad = reasons(blamed, found, self._fleet, self._wall)
        self._leave_out(sooner(bad) if softly else bad, among=answer.reached is Reached.NAMES)
        return bool(blamed)

    def _put_off(self, answer: Answer, *, softly: bool, blamed: bool) -> bool:
        """Has those wait that might spoil the next text; whether there is anybody left to be asked about."""
        if softly:
            # The next run is to tell of names, and not to end before.
            waiting = set() if self._names_told else self._doubtful(Doubt.SOME)
        elif not blamed:
            if not self._unproven:
                # The next text would be the same.
                return False
            waiting = self._unproven
        elif self._runs < MOST_RUNS - 1:
            return True
        elif not self._names_told:
            # Two runs have told what they could. The third takes what cannot go wrong.
            waiting = self._own
        else:
            ids, gave_up = self._choice.forms(), answer.reached is Reached.PART
            waiting = {ids[each] for each in self._foreseen.unread(answer) if each in ids} if gave_up else set()
        self._wait(waiting & self._choice.asked.keys())
        return not waiting or bool(self._choice.asked or self._choice.kept)

    def _wait(self, app_ids: Iterable[str]) -> None:
        """Has these apps tried by themselves before they are served."""
        for app_id in app_ids:
            entry = self._fleet[app_id]
            self._memory.waiting[app_id] = entry.digest
            self._chooser.leave_out(entry, keep=True)

    def _accepted(self, generated: Generated) -> Update:
        assert generated.rendered is not None  # noqa: S101 - it was asked about
        self._updating.accepted_text = generated.rendered.text
        self._memory.remember_lines(self._foreseen.digests())
        for app_id, ports in self._ports.items():
            self._memory.accept(self._fleet[app_id], ports)
        return self._ended(generated)

    def _told(self) -> tuple[LeftOut, ...]:
        return told(self._fleet, self._choice, self._memory, self._unnamed, self._wall)

    def _ended(self, generated: Generated | None, *, error: str = "", held: str = "") -> Update:
        choice = self._choice
        return Update(generated, self._told(), self._runs, error, held, set(choice.asked), choice.kept, self._seconds)


def _refusal(answer: Answer) -> str:
    first = answer.verdict.messages[0].message.text if answer.verdict.messages else "without a word"
    return f"HAProxy refuses the configuration: {first}"
