"""The regular expressions of Go, searched in time that grows with the text alone, whatever the expression.

Selectors are searched as Go's regexp package does: anywhere in the name, no back references, no looking around. The
expression is cut into steps of an automaton; all its states are followed at once, so that nothing is tried twice.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lbgen.dataclass import dataclass
from lbgen.edgelb.re2_reader import BadPattern, read

if TYPE_CHECKING:
    from lbgen.edgelb.re2_reader import Step

LONGEST = 1000
"""Characters of an expression; names of tasks are shorter."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """An expression, ready to be searched for."""

    text: str
    _steps: tuple[Step, ...]
    _start: int
    _end: int

    def found_in(self, name: str) -> bool:
        """Whether the expression matches anywhere in the name."""
        states: set[int] = set()
        for at in range(len(name) + 1):
            states = self._reached({self._start, *states}, name, at)
            if self._end in states:
                return True
            if at < len(name):
                states = {to for step in states for to in self._after(step, name[at])}
        return False

    def _reached(self, states: set[int], name: str, at: int) -> set[int]:
        """The states, and those that they lead to without a character."""
        pending = list(states)
        while pending:
            step = self._steps[pending.pop()]
            if step.takes is None and (step.holds is None or step.holds(name, at)):
                new = [to for to in step.to if to not in states]
                states.update(new)
                pending += new
        return states

    def _after(self, number: int, character: str) -> list[int]:
        step = self._steps[number]
        return step.to if step.takes is not None and step.takes(character) else []


@cache
def pattern(text: str) -> Pattern:
    """The expression of this text; raises BadPattern where Go would refuse it, or where it is too large."""
    if len(text) > LONGEST:
        raise BadPattern(f"it has {len(text)} characters, more than {LONGEST}", LONGEST)
    return Pattern(text, *read(text))


def problem(text: str) -> BadPattern | None:
    """What is wrong with the text as an expression, or None."""
    try:
        pattern(text)
    except BadPattern as bad:
        return bad
    return None
