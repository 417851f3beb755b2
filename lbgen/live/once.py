"""One update, as those do that ask Marathon once and end."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from lbgen.live.applying import NotServed

if TYPE_CHECKING:
    from lbgen.live.applying import Applying
    from lbgen.live.fleet import Knowledge
    from lbgen.live.state import States

_MOST_TRIALS = 100
_MOST_IN_VAIN = 3


def once(knowledge: Knowledge, applying: Applying, states: States) -> None:
    """Has everything served, with what that takes: another answer of Marathon, trials, and the time between reloads.

    Raises LbgenError or Refused where it fails.
    """
    knowledge.fetch(states)
    _first(knowledge, applying)
    if applying.due["confirm"] < math.inf:
        _wait(applying.due["confirm"])
        knowledge.fetch(states)
        applying.apply(knowledge, confirmed=True)
    for _ in range(_MOST_TRIALS):
        if applying.due["trial"] == math.inf:
            break
        applying.try_some(knowledge)
        if applying.due["again"] < math.inf:
            applying.apply(knowledge)
    # What was served a moment ago may put off what is known by now.
    while applying.put_off:
        _wait(applying.due["again"])
        applying.apply(knowledge)


def _first(knowledge: Knowledge, applying: Applying) -> None:
    """Has as much served as can be; what an update in vain has learned helps the next one."""
    for _ in range(_MOST_IN_VAIN):
        try:
            applying.apply(knowledge)
        except NotServed:
            if applying.due["trial"] < math.inf:
                applying.try_some(knowledge)
        else:
            return
    applying.apply(knowledge)


def _wait(until: float) -> None:
    time.sleep(max(0.0, until - time.monotonic()))
