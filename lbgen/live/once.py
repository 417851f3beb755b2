"""One update, as those do that ask Marathon once and end."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from lbgen.errors import ToolError
from lbgen.live.applying import NotServed
from lbgen.live.serving import Refused

if TYPE_CHECKING:
    from lbgen.live.applying import Applying
    from lbgen.live.fleet import Knowledge
    from lbgen.live.state import States

_MOST_TRIALS = 100
_MOST_IN_VAIN = 3


def once(knowledge: Knowledge, applying: Applying, states: States) -> None:
    """Has everything served, with what that takes: another answer of Marathon, trials, and the time between reloads.

    Raises LbgenError where it fails.
    """
    try:
        _served(knowledge, applying, states)
    except Refused as error:
        raise ToolError(f"HAProxy does not serve what is written: {error}") from None


def _served(knowledge: Knowledge, applying: Applying, states: States) -> None:
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
        if applying.parts.trying.is_stuck:
            break
    # What was served a moment ago may put off what is known by now.
    while applying.put_off:
        _wait(applying.due["again"])
        applying.apply(knowledge)


def _first(knowledge: Knowledge, applying: Applying) -> None:
    """Has as much served as can be; what an update in vain has learned helps the next one."""
    bad = applying.parts.updating.memory.bad
    for _ in range(_MOST_IN_VAIN):
        known = len(bad)
        try:
            applying.apply(knowledge)
        except NotServed:
            if applying.due["trial"] < math.inf:
                applying.try_some(knowledge)
        except Refused:
            if len(bad) == known:
                raise
        else:
            return
    applying.apply(knowledge)


def _wait(until: float) -> None:
    time.sleep(max(0.0, until - time.monotonic()))
