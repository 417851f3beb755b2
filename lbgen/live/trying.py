"""Trying apps by themselves that nothing is known of, so that they neither harm the others nor wait for long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lbgen import check
from lbgen.dataclass import dataclass
from lbgen.live.asking import Reached
from lbgen.live.attempt import MOST_RUNS
from lbgen.live.choosing import Choice, reasons, sooner
from lbgen.live.memory import Bad
from lbgen.live.rules.judging import Doubt
from lbgen.pipeline.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Collection

    from lbgen.live.asking import Answer
    from lbgen.live.reading import Entry, Fleet
    from lbgen.live.rules.foreseeing import Foreseen
    from lbgen.live.rules.judging import Judged
    from lbgen.live.updating import Updating
    from lbgen.origin import SourceMap
    from lbgen.pipeline.generate import Generated

_MOST_APPS = 1_000
"""Apps that are asked about together."""


@dataclass(slots=True)
class _Group:
    """Apps that are asked about together; `softly` says that it is about what HAProxy does not give up at.

    Little speaks for those of a `hopeless` group.
    """

    apps: list[str]
    softly: bool = False
    hopeless: bool = False


@dataclass(frozen=True, slots=True)
class _Trial:
    """A group with the text that is made of it; `ids` are its apps by their documents."""

    group: _Group
    ids: dict[str, str]
    generated: Generated
    foreseen: Foreseen

    @property
    def source_map(self) -> SourceMap:
        """From the lines of the text to the apps."""
        assert self.generated.rendered is not None  # noqa: S101 - it is asked about
        return self.generated.rendered.source_map


class Trying:
    """Asks about waiting apps in a text of their own, a few runs at a time.

    Who is refused there is so wherever it is. What is accepted takes part in the next update; so does once what is
    refused for want of another app, which only all of them together can tell. `released` is set when any of them may.
    """

    def __init__(self, updating: Updating) -> None:
        self._updating = updating
        self._memory = updating.memory
        self.released = False
        self._groups: list[_Group] = []
        self._let_in: dict[str, str] = {}
        self._operators_fault = False

    @property
    def is_promising(self) -> bool:
        """Whether apps are left to be tried that something speaks for."""
        return any(not group.hopeless for group in self._groups)

    @property
    def is_stuck(self) -> bool:
        """Whether the last step told nothing of any app: what is refused is not theirs."""
        return self._operators_fault

    def step(self, fleet: Fleet) -> int:
        """Tries some of the waiting apps; how often `haproxy -c` ran, three times at most."""
        waiting = [app_id for app_id, entry in fleet.items() if self._memory.is_waiting(entry)]
        if {app_id for group in self._groups for app_id in group.apps} != set(waiting):
            self._groups = self._grouped(waiting, fleet)
        self._let_in = {app_id: digest for app_id, digest in self._let_in.items() if app_id in fleet}
        runs, self._operators_fault = 0, False
        while self._groups and runs < MOST_RUNS:
            runs += self._try(self._groups.pop(), fleet)
            if self._operators_fault:
                break
        return runs

    def _grouped(self, waiting: list[str], fleet: Fleet) -> list[_Group]:
        """The last group is the first that is asked about; who was refused before is asked about its very lines."""
        again = [app_id for app_id in waiting if self._memory.was_refused(fleet[app_id])]
        known = set(again)
        new = [app_id for app_id in waiting if app_id not in known]
        parts = [new[first : first + _MOST_APPS] for first in range(0, len(new), _MOST_APPS)]
        groups = [_Group(part, softly=len(part) > 1) for part in reversed(parts)]
        return [_Group(again, hopeless=True), *groups] if again else groups

    def _try(self, group: _Group, fleet: Fleet) -> int:
        """Asks about one group; how often HAProxy ran."""
        choice = Choice(asked={app_id: app for app_id in group.apps if (app := fleet[app_id].app) is not None})
        generated = self._updating.generate(choice)
        if not generated.services or self._updating.is_accepted(generated):
            self._release(group.apps, fleet)
            return 0
        ids = choice.forms()
        foreseen = self._updating.foresee(generated, ids.keys())
        group.softly = group.softly and len(foreseen.doubts()) > 1
        last = {document: 1 + foreseen.doubts().get(document, -1) for document in ids}
        answer = self._updating.ask(generated, last, foreseen if group.softly else None)
        self._learn(_Trial(group, ids, generated, foreseen), answer, fleet)
        return 1

    def _learn(self, trial: _Trial, answer: Answer, fleet: Fleet) -> None:
        if not trial.group.softly and answer.reached is Reached.NAMES:
            self._memory.remember_lines(trial.foreseen.digests())
        if not answer.verdict.accepted:
            self._judge(answer, trial, fleet)
        elif trial.group.softly:
            self._go_on(trial.group.apps, trial)
        else:
            self._release(trial.group.apps, fleet)

    def _release(self, app_ids: Collection[str], fleet: Fleet) -> None:
        self.released = True
        for app_id in app_ids:
            self._memory.let_in(fleet[app_id])

    def _judge(self, answer: Answer, trial: _Trial, fleet: Fleet) -> None:
        group = trial.group
        if self._is_operators(answer, trial):
            # The others are asked about before it is its turn again.
            self._groups.insert(0, group)
            return
        found = self._blamed(answer, trial, fleet)
        for app_id, bad in found.items():
            entry = fleet[app_id]
            if answer.reached is Reached.NAMES and self._let_in.get(app_id) != entry.digest:
                self._let_in[app_id] = entry.digest
                self._release([app_id], fleet)
            else:
                self._memory.refuse(entry, bad, time.monotonic())
        rest = [app_id for app_id in group.apps if app_id not in found]
        if found:
            self._go_on(rest, trial, answer)
        elif group.softly:
            self._groups.append(_Group(rest))
        else:
            middle = len(rest) // 2
            self._groups += [_Group(part) for part in (rest[middle:], rest[:middle]) if part]

    def _blamed(self, answer: Answer, trial: _Trial, fleet: Fleet) -> dict[str, Bad]:
        """Why each of the apps at fault is refused."""
        assert trial.generated.rendered is not None  # noqa: S101 - it was asked about
        assert answer.config is not None  # noqa: S101 - it is refused
        refs = Faults().of(answer.verdict, trial.generated.rendered)
        blamed = {trial.ids[ref.document] for ref in refs if ref.document in trial.ids}
        if not blamed and len(trial.group.apps) == 1:
            blamed = set(trial.group.apps)
        found = check.findings(answer.verdict, answer.config, source_map=trial.source_map)
        bad = reasons(blamed, found, fleet, time.time())
        return sooner(bad) if trial.group.softly else {**sooner(self._alike(answer, trial, fleet)), **bad}

    def _alike(self, answer: Answer, trial: _Trial, fleet: Fleet) -> dict[str, Bad]:
        """Who has a line that is refused for what HAProxy has just refused another for.

        Only at first: when they are tried again, it is by their own lines.
        """
        lines = trial.foreseen.lines
        texts = {said.line or 0: said.message.text for said in answer.verdict.messages}
        refused = {
            lines[line].judged.alike: text
            for line, text in texts.items()
            if line in lines and "condition : " not in text
        }
        found = {}
        for number, (document, judged) in lines.items():
            app_id, said = trial.ids[document], refused.get(judged.alike)
            is_new = not self._memory.was_refused(fleet[app_id])
            if said is not None and is_new and not judged.is_known_to(said):
                found[app_id] = self._bad(number, judged, trial, fleet[app_id], said)
        return found

    def _bad(self, number: int, judged: Judged, trial: _Trial, entry: Entry, said: str) -> Bad:
        origin = trial.source_map.origin(number)
        reason = f"'{judged.words[:80]}' is refused as a line of another app is: {said:.200}"
        label = origin.label if origin is not None else None
        return Bad(entry.digest, reason, label, "haproxy-refuses", time.time())

    def _is_operators(self, answer: Answer, trial: _Trial) -> bool:
        """Whether what is refused is a template of the operator's, or lbgen's own: then nobody can be told apart."""
        lines = [said.line for said in answer.verdict.messages if said.line is not None]
        reasons = [trial.source_map.because(line) for line in lines]
        given = any(because is not None and because.is_template for because in reasons)
        self._operators_fault = given or (bool(reasons) and all(because is None for because in reasons))
        return self._operators_fault

    def _go_on(self, rest: list[str], trial: _Trial, answer: Answer | None = None) -> None:
        """Has the rest of a group asked about: first those that HAProxy has read, last those that are hopeless."""
        doubts = trial.foreseen.doubts()
        hopeless = {trial.ids[document] for document, doubt in doubts.items() if doubt is Doubt.GREAT}
        gave_up = answer is not None and answer.reached is Reached.PART
        behind = trial.foreseen.unread(answer) if answer is not None and gave_up else set()
        unread = {trial.ids[document] for document in behind} - hopeless
        for part in (hopeless, unread, set(rest) - unread - hopeless):
            if apps := [app_id for app_id in rest if app_id in part]:
                self._groups.append(_Group(apps, hopeless=part is hopeless))
