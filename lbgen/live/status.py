"""What `lbgen status` and its endpoint tell: the picture of the loop as a document, and what is wrong in it."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lbgen
from lbgen.codes import CODES
from lbgen.dataclass import dataclass
from lbgen.live.secrets import without_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lbgen.live.contract import Process
    from lbgen.live.state import LeftOut, State

VERSION = 1
"""Of the document: it grows without, and changes with a higher one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Where status and metrics get what they tell.

    `haproxy_version` is what the binary says that it is, `stale_after` the age of data, in seconds, that is no longer
    as it should be.
    """

    state: Callable[[], State]
    processes: Callable[[], Sequence[Process]]
    haproxy_version: str = ""
    stale_after: float = 900.0


def document(telling: Telling) -> dict[str, Any]:
    """All that there is to tell, for JSON; ages are in seconds, None where something never happened."""
    state = telling.state()
    now = time.monotonic()
    processes = processes_of(telling)
    wrong = list(wrongs(state, now, telling.stale_after))
    return {
        "version": VERSION,
        "lbgen": lbgen.__version__,
        "healthy": not wrong,
        "serving": serving(state),
        "wrong": wrong,
        "running_seconds": _ago(state.started, now),
        "apps": state.apps,
        "served": state.served,
        "backends": state.backends,
        "servers": state.servers,
        "left_out": [_left_out(each) for each in state.left_out],
        "data": {"age_seconds": _ago(state.data_at, now), "endpoint": state.endpoint, "apps_shrunk": state.apps_shrunk},
        "last_success_seconds": _ago(state.updated, now),
        "last_change_seconds": _ago(state.changed, now),
        "error": without_secrets(state.error),
        "updates": {"done": state.updates, "failed": state.failures, "events": state.events, "checks": state.checks},
        "reloads": {"done": state.reloads, "failed": state.failed_reloads},
        "runtime": {"updates": state.runtime_updates, "commands": state.runtime_commands, "drifts": state.drifts},
        "config": {"path": state.config_path, "sha256": _hash(state.config_path), "writes": state.writes},
        "haproxy": {
            "version": telling.haproxy_version,
            "restarts": state.restarts,
            "processes": [{"pid": each.pid, "reloads_ago": each.reloads} for each in processes],
        },
        "stages": {
            name: {"last_seconds": stage.last, "mean_seconds": stage.total / max(stage.count, 1), "count": stage.count}
            for name, stage in sorted((state.stages or {}).items())
        },
    }


def serving(state: State) -> bool:
    """Whether clients are served something."""
    return state.ready


def wrongs(state: State, now: float, stale_after: float) -> Iterator[str]:
    """What is not as it should be, a sentence each, the worst first."""
    if not state.ready:
        yield "HAProxy does not serve a configuration"
    if state.error:
        yield f"the last update failed: {without_secrets(state.error)}"
    if state.apps_shrunk:
        yield f"{state.apps_shrunk} [{CODES['apps-shrunk']}]"
    age = _ago(state.data_at, now)
    if age is None:
        yield "nothing that Marathon tells is served yet" if state.endpoint else "Marathon has not told anything yet"
    elif age > stale_after:
        yield f"Marathon has told nothing new for {span(age)}"
    gone = sum(not each.kept and not each.waiting for each in state.left_out)
    kept = sum(each.kept for each in state.left_out)
    waiting = len(state.left_out) - gone - kept
    if gone:
        yield f"{_apps(gone)} not served"
    if kept:
        yield f"{_apps(kept)} served in {'its' if kept == 1 else 'their'} last good form"
    if waiting:
        yield f"{_apps(waiting)} to be tried with the next updates"


def is_over(before: State, now: State) -> Iterator[str]:
    """What was wrong before and is not any more, a sentence each."""
    if before.error and not now.error:
        yield f"all is well again, after: {before.error}"
    if before.apps_shrunk and not now.apps_shrunk:
        yield "Marathon was asked again, and what it says is served"


def _apps(number: int) -> str:
    return "1 app is" if number == 1 else f"{number:,} apps are"


def _left_out(each: LeftOut) -> dict[str, Any]:
    return {
        "app": each.app,
        "label": each.label,
        "reason": without_secrets(each.reason),
        "rule": each.rule,
        "code": code(each),
        "since": datetime.fromtimestamp(each.since, UTC).isoformat(timespec="seconds") if each.since else None,
        "kept": each.kept,
        "waiting": each.waiting,
    }


def code(each: LeftOut) -> str:
    """The code of the rule by which the app is left out, "" where there is none."""
    return CODES.get(each.rule, "")


def reason_of(each: LeftOut) -> str:
    """Why the app is left out, with its label and the code."""
    label = f"{each.label}: " if each.label and not each.reason.startswith(each.label) else ""
    return f"{label}{each.reason}{f' [{found}]' if (found := code(each)) else ''}"


def _ago(at: float | None, now: float) -> float | None:
    return None if at is None else round(max(0.0, now - at), 3)


def _hash(path: str) -> str | None:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest() if path else None
    except OSError:
        return None


def processes_of(telling: Telling) -> Sequence[Process]:
    """The workers of HAProxy, none where nobody can be asked."""
    try:
        return telling.processes()
    except OSError:
        return ()


def span(seconds: float) -> str:
    """A time as people say it, as in `3 s`, `12 min`, `5 h`, `2 days`."""
    for limit, unit, name in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / unit:.0f} {name}"
    return f"{seconds / 86_400:.0f} days"
