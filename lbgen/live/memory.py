"""What is known of every app: what HAProxy accepted of it, what it refused, and what it has yet to be asked about."""

from __future__ import annotations

from dataclasses import asdict, field, replace
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.marathon import network
from lbgen.marathon.apps import MarathonApp, RunningTask
from lbgen.model.service import AppRef

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from lbgen.live.reading import Entry

FIRST_PAUSE = 300.0
LAST_PAUSE = 3600.0
"""Seconds until something refused is tried again as it is: what it lacked, such as a certificate, may be there now."""
SHORT_PAUSE = 30.0
"""The same where HAProxy was not asked about the very line."""

MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class Good:
    """A definition that HAProxy accepted, as far as it was served: by these service ports."""

    digest: str
    ports: frozenset[int]


@dataclass(frozen=True, slots=True)
class Bad:
    """A definition that is refused, and why.

    `since` is in seconds of `time.time`. It is tried again at `again`, in seconds of `time.monotonic`, and next `pause`
    seconds later. `among` is set where it may be for want of another app that it was refused.
    """

    digest: str
    reason: str
    label: str | None = None
    rule: str = ""
    since: float = 0.0
    again: float = 0.0
    pause: float = FIRST_PAUSE
    among: bool = False


@dataclass(slots=True)
class Memory:
    """All that is known, by app id.

    `last` has the apps as they were when they last were served as they wanted; `waiting` the digests of those that
    nothing is known of, and that are not to be in everybody's way; `tried` of those that HAProxy took by themselves.
    `lines` are digests of apps' lines that HAProxy took, without their conditions, the oldest first.
    """

    good: dict[str, Good] = field(default_factory=dict)
    bad: dict[str, Bad] = field(default_factory=dict)
    last: dict[str, MarathonApp] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    tried: dict[str, str] = field(default_factory=dict)
    lines: dict[str, None] = field(default_factory=dict)

    def is_good(self, entry: Entry, ports: Collection[int]) -> bool:
        """Whether HAProxy has accepted all that these service ports make of the app."""
        good = self.good.get(entry.app_id)
        return good is not None and good.digest == entry.digest and good.ports.issuperset(ports)

    def is_bad(self, entry: Entry, now: float) -> bool:
        """Whether the app is known to be refused, and not to be tried again yet."""
        bad = self.bad.get(entry.app_id)
        return bad is not None and bad.digest == entry.digest and not (bad.among and now >= bad.again)

    def was_refused(self, entry: Entry) -> bool:
        """Whether the app is refused, be it that it is tried again."""
        bad = self.bad.get(entry.app_id)
        return bad is not None and bad.digest == entry.digest

    def is_waiting(self, entry: Entry) -> bool:
        """Whether the app is to be tried apart from the others first."""
        return self.waiting.get(entry.app_id) == entry.digest

    def is_tried(self, entry: Entry) -> bool:
        """Whether HAProxy took the app by itself."""
        return self.tried.get(entry.app_id) == entry.digest

    def let_in(self, entry: Entry) -> None:
        """Has the app take part in the next update."""
        self.tried[entry.app_id] = entry.digest
        self.waiting.pop(entry.app_id, None)
        self.bad.pop(entry.app_id, None)

    def remember_lines(self, lines: Iterable[str]) -> None:
        """Notes digests of lines that HAProxy took."""
        for line in lines:
            self.lines.pop(line, None)
            self.lines[line] = None
        for line in list(self.lines)[: max(0, len(self.lines) - MOST_LINES)]:
            del self.lines[line]

    def accept(self, entry: Entry, ports: Collection[int]) -> None:
        """Notes that the app is served as it wants to be."""
        assert entry.app is not None  # noqa: S101 - it is served
        before = self.good.get(entry.app_id)
        known = before.ports if before is not None and before.digest == entry.digest else frozenset()
        self.good[entry.app_id] = Good(entry.digest, known.union(ports))
        self.last[entry.app_id] = entry.app
        self.bad.pop(entry.app_id, None)
        self.waiting.pop(entry.app_id, None)
        self.tried.pop(entry.app_id, None)

    def refuse(self, entry: Entry, bad: Bad, now: float) -> None:
        """Notes that the app cannot be served as it is."""
        before = self.bad.get(entry.app_id)
        if before is not None and before.digest == entry.digest:
            bad = replace(bad, since=before.since, pause=min(max(before.pause * 2, bad.pause), LAST_PAUSE))
        self.bad[entry.app_id] = replace(bad, again=now + bad.pause)
        self.waiting.pop(entry.app_id, None)
        self.tried.pop(entry.app_id, None)
        if entry.app_id in self.good and self.good[entry.app_id].digest == entry.digest:
            del self.good[entry.app_id]

    def stand_in(self, entry: Entry) -> MarathonApp | None:
        """The app in its last good form: with its tasks of now where they fit, else those that are left."""
        last = self.last.get(entry.app_id)
        good = self.good.get(entry.app_id)
        if last is None or good is None or good.digest == entry.digest:
            return None
        if entry.app is None:
            return last
        if _shape(entry.app) == _shape(last):
            return replace(last, tasks=entry.app.tasks)
        # What ran where a task was that is gone may be somebody else's now.
        alive = {(task.id, task.host) for task in entry.app.tasks or ()}
        return replace(last, tasks=[task for task in last.tasks or () if (task.id, task.host) in alive])

    def was_served(self, entry: Entry) -> bool:
        """Whether the app was served as it is, be it with another HAProxy."""
        good = self.good.get(entry.app_id)
        return good is not None and good.digest == entry.digest

    def forget_verdicts(self) -> None:
        """Has everything that was refused tried again."""
        self.bad.clear()
        self.waiting.clear()
        self.tried.clear()

    def keep_only(self, app_ids: Collection[str]) -> None:
        """Forgets the apps that are no more."""
        for known in (self.good, self.bad, self.last, self.waiting, self.tried):
            for app_id in known.keys() - app_ids:
                del known[app_id]


def _shape(app: MarathonApp) -> tuple[str, int]:
    """What the tasks of an app depend on."""
    mode = network.mode(app.fields)
    return mode, len(network.service_ports(app.fields, mode))


def as_json(memory: Memory) -> dict[str, Any]:
    """The memory as JSON; what waits is tried anew after a restart."""
    return {
        "good": {app_id: [good.digest, sorted(good.ports)] for app_id, good in memory.good.items()},
        "bad": {app_id: {**asdict(bad), "again": 0.0} for app_id, bad in memory.bad.items()},
        "last": {app_id: _app_as_json(app) for app_id, app in memory.last.items()},
        "lines": dict.fromkeys(memory.lines),
    }


def of_json(value: Mapping[str, Any], now: float) -> Memory:
    """The memory that `as_json` has written; raises ValueError, KeyError or TypeError where it is none."""
    memory = Memory()
    for app_id, (digest, ports) in value["good"].items():
        memory.good[app_id] = Good(digest, frozenset(ports))
    for app_id, bad in value["bad"].items():
        memory.bad[app_id] = Bad(**{**bad, "again": now + bad["pause"]})
    for app_id, app in value["last"].items():
        memory.last[app_id] = _app_of_json(app)
    memory.lines = dict.fromkeys(value.get("lines", {}))
    return memory


def _app_as_json(app: MarathonApp) -> dict[str, Any]:
    ref = [app.ref.id, app.ref.document, app.ref.pointer, app.ref.written]
    return {"ref": ref, "labels": app.labels, "fields": app.fields, "tasks": app.tasks}


def _app_of_json(value: Mapping[str, Any]) -> MarathonApp:
    tasks = [_task(task) for task in value["tasks"] or ()]
    return MarathonApp(AppRef(*value["ref"]), value["labels"], value["fields"], tasks)


def _task(values: list[Any]) -> RunningTask:
    task = RunningTask(*values)
    ports = tuple(task.ports) if task.ports is not None else None
    results = tuple(task.results) if task.results is not None else None
    return task._replace(ports=ports, results=results)
