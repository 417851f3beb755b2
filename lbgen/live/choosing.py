"""Which form of each app goes into the next text, and what is told of the others."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.finding import Severity
from lbgen.live.memory import SHORT_PAUSE, Bad
from lbgen.live.state import LeftOut
from lbgen.marathon.deployment import GROUP
from lbgen.pipeline.inputs import Inputs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from lbgen.finding import Finding
    from lbgen.live.memory import Memory
    from lbgen.live.reading import Entry, Fleet
    from lbgen.marathon.apps import MarathonApp
    from lbgen.pipeline.generate import Generated

DROP, KEEP_LAST, FAIL = "drop", "keep-last", "fail"


@dataclass(slots=True)
class Choice:
    """The apps of a text by id: as they are in `asked`, in their last good form in `kept`; `out` are not in it."""

    asked: dict[str, MarathonApp] = field(default_factory=dict)
    kept: dict[str, MarathonApp] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)

    def inputs(self) -> Inputs:
        """What the text is generated from."""
        return Inputs([*self.asked.values(), *self.kept.values()])

    def forms(self) -> dict[str, str]:
        """The ids of the apps in the text, by their documents."""
        return {app.ref.document: app_id for chosen in (self.asked, self.kept) for app_id, app in chosen.items()}


class Chooser:
    """Chooses by what is remembered; `on_error` says what becomes of an app that is refused."""

    def __init__(self, fleet: Fleet, memory: Memory, on_error: str, now: float) -> None:
        self.choice = Choice()
        self._fleet = fleet
        self._memory = memory
        self._keep = on_error == KEEP_LAST
        for entry in fleet.values():
            self._choose(entry, now)

    def _choose(self, entry: Entry, now: float) -> None:
        if entry.app is None or self._memory.is_bad(entry, now):
            self.leave_out(entry, keep=self._keep)
        elif self._memory.is_waiting(entry):
            # Nothing is known against it: what it was goes on meanwhile, whatever becomes of those that are refused.
            self.leave_out(entry, keep=True)
        else:
            self.choice.asked[entry.app_id] = entry.app

    def leave_out(self, entry: Entry, *, keep: bool) -> None:
        """Takes the app's last good form in its place, if there is one, else nothing of it."""
        app_id = entry.app_id
        was_kept = self.choice.kept.pop(app_id, None) is not None
        self.choice.asked.pop(app_id, None)
        # What cannot be served in its last good form either is no good any more.
        stand_in = self._memory.stand_in(entry) if keep and not was_kept else None
        if stand_in is None:
            self.choice.out.add(app_id)
        else:
            self.choice.kept[app_id] = stand_in


def reasons(app_ids: Iterable[str], findings: Iterable[Finding], fleet: Fleet, since: float) -> dict[str, Bad]:
    """Why each of these apps cannot be served, by what was found of it."""
    told: dict[str, Finding] = {}
    for finding in findings:
        app = finding.origin.app if finding.origin is not None else None
        if app is not None and finding.severity is Severity.ERROR:
            told.setdefault(app, finding)
    return {app_id: _reason(fleet[app_id], told.get(app_id), since) for app_id in app_ids}


def sooner(found: Mapping[str, Bad]) -> dict[str, Bad]:
    """The same verdicts, but of apps that are tried again soon: HAProxy was not asked about the very lines."""
    return {app_id: replace(bad, pause=SHORT_PAUSE) for app_id, bad in found.items()}


def _reason(entry: Entry, finding: Finding | None, since: float) -> Bad:
    if finding is None:
        return Bad(entry.digest, "cannot be served", since=since)
    label = finding.origin.label if finding.origin is not None else None
    return Bad(entry.digest, finding.message, label, finding.rule, since)


def served_ports(generated: Generated, choice: Choice) -> dict[str, set[int]]:
    """The service ports that the text has for the apps that are as they want to be, by id."""
    ids = choice.forms()
    ports: dict[str, set[int]] = {}
    by_name: dict[str, set[int]] = {}
    for service in generated.services:
        by_name.setdefault(service.app.id, set()).add(service.port)
        ports.setdefault(ids[service.app.document], set()).add(service.port)
    for app_id, app in choice.asked.items():
        # The colours of a deployment group are one in the text, which names one of them only.
        if (group := app.labels.get(GROUP)) and (found := by_name.get(f"/{group.removeprefix('/')}")):
            ports.setdefault(app_id, set()).update(found)
    return {app_id: found for app_id, found in ports.items() if app_id in choice.asked}


def with_own_text(app_ids: Iterable[str], generated: Generated, choice: Choice) -> set[str]:
    """Those of the apps whose labels bring text of their own, which may be anything, or name files or options."""
    ids = choice.forms()
    own = (each for each in generated.services if each.overrides or each.bind_options or each.ssl_cert)
    found = {ids[service.app.document] for service in own}
    return found.intersection(app_ids)


def told(fleet: Fleet, choice: Choice, memory: Memory, unnamed: Mapping[str, Bad], now: float) -> tuple[LeftOut, ...]:
    """What there is to tell of the apps that are not served as they want to be, by id."""
    concerned: Collection[str] = choice.out | choice.kept.keys() | unnamed.keys()
    return tuple(_told(fleet[app_id], choice, memory, unnamed, now) for app_id in sorted(concerned))


def _told(entry: Entry, choice: Choice, memory: Memory, unnamed: Mapping[str, Bad], now: float) -> LeftOut:
    app_id = entry.app_id
    kept = app_id in choice.kept
    bad = unnamed.get(app_id) or memory.bad.get(app_id)
    if bad is None or bad.digest != entry.digest:
        if memory.is_waiting(entry):
            return LeftOut(app_id, "is tried by itself before it is served", kept=kept, waiting=True, since=now)
        bad = reasons([app_id], entry.findings, {app_id: entry}, now)[app_id]
    return LeftOut(app_id, bad.reason, bad.label, bad.rule, kept=kept, since=bad.since)
