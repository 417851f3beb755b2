"""What there is to tell of a live load balancer: one picture of the loop, replaced whole, and how it is spoken to."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from lbgen.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An app that is not served as it is now, and why.

    `kept` is set where its last good form is served in its place; `waiting` where nothing is known against it yet and
    it is tried again with the next updates. `since` is in seconds of `time.time`.
    """

    app: str
    reason: str
    label: str | None = None
    rule: str = ""
    kept: bool = False
    waiting: bool = False
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    """How long a part of an update takes, in seconds: the last time, and all times together."""

    last: float = 0.0
    total: float = 0.0
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The loop as it is now; times are in seconds of `time.monotonic`, None where it never happened.

    `started` is when lbgen began, `ready` whether HAProxy serves a configuration, `data_at` when Marathon last told
    all that is served now, `updated` when an update last went well (whether it changed something or not), `changed`
    when it last changed what is served. `apps_shrunk` says in a sentence why a new answer of Marathon is not used, and
    is empty where it is; `error` is what the last update failed with, and is empty where it went well.

    `apps` are those that Marathon has, `served` those of this load balancer that are served as they are now, or in
    their last good form. `checks` are runs of `haproxy -c`. `stages` are the parts of an update by name: fetch, read,
    generate, check, write, reload, runtime, event (from the event until HAProxy serves it, on the short way).
    """

    started: float
    ready: bool = False
    data_at: float | None = None
    updated: float | None = None
    changed: float | None = None
    endpoint: str = ""
    apps_shrunk: str = ""
    error: str = ""
    apps: int = 0
    served: int = 0
    backends: int = 0
    servers: int = 0
    left_out: tuple[LeftOut, ...] = ()
    updates: int = 0
    failures: int = 0
    checks: int = 0
    reloads: int = 0
    failed_reloads: int = 0
    runtime_updates: int = 0
    runtime_commands: int = 0
    drifts: int = 0
    restarts: int = 0
    events: int = 0
    writes: int = 0
    config_path: str = ""
    stages: Mapping[str, Stage] | None = None


class States:
    """The present picture; `now` may be read from any thread. `observers` are told how long each stage takes."""

    def __init__(self, first: State) -> None:
        self._lock = threading.Lock()
        self.now = first
        self.observers: list[Callable[[str, float], None]] = []

    def put(self, **fields: Any) -> None:
        """Replaces these fields."""
        with self._lock:
            self.now = replace(self.now, **fields)

    def count(self, **more: int) -> None:
        """Adds to these fields."""
        with self._lock:
            self.now = replace(self.now, **{name: getattr(self.now, name) + number for name, number in more.items()})

    def took(self, stage: str, seconds: float) -> None:
        """Notes how long a stage took."""
        with self._lock:
            stages = dict(self.now.stages or {})
            before = stages.get(stage, Stage())
            stages[stage] = Stage(seconds, before.total + seconds, before.count + 1)
            self.now = replace(self.now, stages=stages)
        for observe in self.observers:
            observe(stage, seconds)


class Controls(Protocol):
    """How a loop is spoken to from other threads, and from signals."""

    def update(self, reason: str) -> None:
        """Has everything fetched and generated again, and what was found to be bad tried again, as SIGHUP does."""

    def reload(self, reason: str) -> None:
        """Has the file on disk checked and HAProxy reload it, without asking Marathon, as SIGUSR1 does."""

    def stop(self) -> None:
        """Ends the loop after what it is doing."""
