"""When a HAProxy that is not well is waited for, ended, or started again."""

from __future__ import annotations

import math
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from lbgen.live.haproxy.spacing import Backoff

if TYPE_CHECKING:
    from lbgen.edgelb.pool import Pool

_STABLE = 60.0
"""Seconds for which a HAProxy has to run until its next end is no consequence of the last one."""


class Patience(NamedTuple):
    """How long a HAProxy that is there, and does not answer, is waited for; in seconds, as the pool says it."""

    grace: float = 180
    interval: float = 12
    failures: int = 5


def patience(pool: Pool) -> Patience:
    """How patient the pool asks to be with its load balancer."""
    fields, usual = pool.fields, Patience()
    return Patience(
        float(fields.get("poolHealthcheckGracePeriod") or usual.grace),
        float(fields.get("poolHealthcheckInterval") or usual.interval),
        int(fields.get("poolHealthcheckMaxFail") or usual.failures),
    )


class Deed(Enum):
    """What is to be done about a HAProxy."""

    NOTHING = auto()
    END = auto()
    START = auto()


class Watch:
    """What is known of how a HAProxy has been; times are in seconds of `time.monotonic`."""

    def __init__(self) -> None:
        self.patience = Patience()
        self._since = math.inf
        self._not_before = 0.0
        self._backoff = Backoff()
        self._failures = 0
        self._looked = -math.inf

    @property
    def begun(self) -> bool:
        """Whether there is anything to watch."""
        return self._since < math.inf

    def begin(self, now: float) -> None:
        """It runs; where it did already, that is nothing new."""
        self._since = min(self._since, now)

    def stop(self) -> None:
        """It is not meant to run any more."""
        self._since, self._failures, self._not_before = math.inf, 0, 0.0
        self._backoff.succeeded()

    def deed(self, now: float, *, alive: bool, there: bool) -> Deed:
        """What is to be done, where it answers or does not, and its process is there or is not."""
        if alive:
            self._failures = 0
            if now - self._since > _STABLE:
                self._backoff.succeeded()
            return Deed.NOTHING
        if there:
            return Deed.END if self._is_hopeless(now) else Deed.NOTHING
        if now < self._not_before:
            return Deed.NOTHING
        # The first time at once, then ever more rarely.
        self._not_before, self._since, self._failures = now + self._backoff.failed(), now, 0
        return Deed.START

    def _is_hopeless(self, now: float) -> bool:
        if now - self._looked < self.patience.interval:
            return False
        self._looked, self._failures = now, self._failures + 1
        return self._failures >= self.patience.failures and now - self._since >= self.patience.grace
