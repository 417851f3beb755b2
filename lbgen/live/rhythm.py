"""How often a live load balancer does what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often what is done, in seconds: `full` is a fetch of everything, `events` whether Marathon tells of changes.

    While nobody listens to it, everything is fetched every `deaf` seconds. A failed update is tried again after
    `retry`, and then later and later, up to `most_retry`. What HAProxy was brought to without its file is written
    after `write` without more to do, and after `most_write` in any case.
    """

    full: float = 300.0
    events: bool = True
    deaf: float = 2.0
    alive: float = 1.0
    drift: float = 30.0
    retry: float = 1.0
    most_retry: float = 30.0
    save: float = 30.0
    write: float = 0.2
    most_write: float = 2.0
