"""How a pool is, in one word and with all reasons: what somebody wants to know first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lbgen.finding import Severity
from lbgen.server.page.levels import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lbgen.finding import Finding
    from lbgen.server.page.backends import Backend
    from lbgen.server.page.seen import Seen


class Reason(NamedTuple):
    """Why a pool is as it is; `anchor` is the place of it on the pool's page, if it has one there."""

    level: Level
    text: str
    anchor: str = ""


class State(NamedTuple):
    """How a pool is: a word, how bad that is, and why."""

    level: Level
    word: str
    reasons: Sequence[Reason] = ()


def state(seen: Seen, behind: Sequence[Backend]) -> State:
    """How the pool is; the worst reason comes first."""
    if seen.now.stopped:
        return State(Level.IDLE, "Scaled to 0")
    broken, lacking = list(_broken(seen)), [*_of_backends(behind), *_silent(seen, behind)]
    reasons = sorted([*broken, *lacking], key=lambda reason: -reason.level)
    if broken:
        return State(Level.ERROR, _word(seen), reasons)
    if seen.now.pending:
        return State(Level.IDLE, "Starting" if seen.now.text is None else "Changing", reasons)
    if behind and not any(backend.up for backend in behind):
        return State(Level.ERROR, "Broken", reasons)
    reasons += _of_findings(seen.findings)
    if reasons:
        return State(Level.WARNING, "Degraded" if lacking else "Has errors", reasons)
    return State(Level.OK, "Running") if seen.now.runs else State(Level.IDLE, "Rendered")


def _broken(seen: Seen) -> Iterator[Reason]:
    """What keeps the pool itself from running as it is wanted; nothing where it does."""
    now, rendering = seen.now, seen.rendering
    if rendering.text is None:
        yield Reason(Level.ERROR, f"there is no configuration: {rendering.problem}")
    if now.problem and now.problem != rendering.problem:
        yield Reason(Level.ERROR, now.problem)
    if (now.problem or rendering.text is None) and now.text is not None:
        yield Reason(Level.WARNING, "an older configuration goes on running")


def _word(seen: Seen) -> str:
    if seen.now.text is not None:
        return "Out of date"
    return "Not running" if seen.now.runs else "Broken"


def _of_backends(behind: Sequence[Backend]) -> Iterator[Reason]:
    for backend in behind:
        if backend.level >= Level.WARNING:
            yield Reason(backend.level, f"backend {backend.name}: {backend.told}", backend.anchor)


def _silent(seen: Seen, behind: Sequence[Backend]) -> Iterator[Reason]:
    """A HAProxy that runs and does not say how its servers are, if there are any."""
    if seen.now.text is not None and not seen.now.health and any(backend.servers for backend in behind):
        yield Reason(Level.WARNING, "HAProxy runs, and does not tell how its servers are")


def _of_findings(found: Sequence[Finding]) -> Iterator[Reason]:
    """What can hardly be meant so: the first of what `lbgen lint` calls errors."""
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        yield Reason(Level.WARNING, f"{errors[0].rule}: {errors[0].message}{more}", "findings")
