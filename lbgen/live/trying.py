"""Trying apps by themselves that nothing is known of, so that they neither harm the others nor wait for long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from lbgen import check
from lbgen.live.choosing import Choice, reasons
from lbgen.live.updating import MOST_RUNS
from lbgen.pipeline.faults import Faults

if TYPE_CHECKING:
    from lbgen.live.asking import Answer
    from lbgen.live.reading import Fleet
    from lbgen.live.updating import Updating
    from lbgen.pipeline.generate import Generated

_MOST_APPS = 25
"""Apps that are asked about together: each that HAProxy gives up at takes a run, and the others wait for that."""


class Trying:
    """Asks about waiting apps in a small text of their own, a few runs at a time.

    Who is refused there is so wherever it is. What is accepted takes part in the next update; so does once what is
    refused for want of another app, which only all of them together can tell.
    """

    def __init__(self, updating: Updating) -> None:
        self._updating = updating
        self._memory = updating.memory
        self._groups: list[list[str]] = []
        self._let_in: dict[str, str] = {}
        self._operators_fault = False

    def step(self, fleet: Fleet) -> int:
        """Tries some of the waiting apps; how often `haproxy -c` ran, three times at most."""
        waiting = [app_id for app_id, entry in fleet.items() if self._memory.is_waiting(entry)]
        if {app_id for group in self._groups for app_id in group} != set(waiting):
            self._groups = [waiting[first : first + _MOST_APPS] for first in range(0, len(waiting), _MOST_APPS)]
        self._let_in = {app_id: digest for app_id, digest in self._let_in.items() if app_id in fleet}
        runs, self._operators_fault = 0, False
        while self._groups and runs < MOST_RUNS:
            runs += self._try(self._groups.pop(), fleet)
            if self._operators_fault:
                break
        return runs

    def _try(self, group: list[str], fleet: Fleet) -> int:
        """Asks about one group; how often HAProxy ran."""
        apps = {app_id: app for app_id in group if (app := fleet[app_id].app) is not None}
        choice = Choice(asked=apps)
        generated = self._updating.generate(choice)
        answer = self._updating.ask(generated) if generated.services else None
        if answer is None or answer.verdict.accepted:
            self._release(group)
            return int(answer is not None)
        self._judge(answer, generated, choice, group, fleet)
        return 1

    def _release(self, group: list[str]) -> None:
        for app_id in group:
            self._memory.waiting.pop(app_id, None)
            self._memory.bad.pop(app_id, None)

    def _judge(self, answer: Answer, generated: Generated, choice: Choice, group: list[str], fleet: Fleet) -> None:
        assert generated.rendered is not None  # noqa: S101 - it was asked about
        assert answer.config is not None  # noqa: S101 - it is refused
        if self._is_operators(answer, generated):
            self._groups.append(group)
            return
        ids = choice.forms()
        refs = Faults().of(answer.verdict, generated.rendered)
        blamed = {ids[ref.document] for ref in refs if ref.document in ids} or (
            set(group) if len(group) == 1 else set()
        )
        found = check.findings(answer.verdict, answer.config, source_map=generated.rendered.source_map)
        among = all(said.message.line is None for said in answer.verdict.messages)
        for app_id, bad in reasons(blamed, found, fleet, time.time()).items():
            entry = fleet[app_id]
            if among and self._let_in.get(app_id) != entry.digest:
                self._let_in[app_id] = entry.digest
                self._release([app_id])
            else:
                self._memory.refuse(entry, bad, time.monotonic())
        self._go_on_with([app_id for app_id in group if app_id not in blamed], halved=not blamed)

    def _is_operators(self, answer: Answer, generated: Generated) -> bool:
        """Whether a template of the operator's is refused: then nobody can be told to be good or bad."""
        assert generated.rendered is not None  # noqa: S101 - it was asked about
        lines = [said.line for said in answer.verdict.messages if said.line is not None]
        reasons = (generated.rendered.source_map.because(line) for line in lines)
        self._operators_fault = any(because is not None and because.is_template for because in reasons)
        return self._operators_fault

    def _go_on_with(self, rest: list[str], *, halved: bool) -> None:
        middle = len(rest) // 2 if halved else 0
        self._groups += [part for part in (rest[:middle], rest[middle:]) if part]
