"""On which machines constraints of Marathon let something run, as far as they name them."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from lbgen.dataclass import dataclass
from lbgen.ports.pinned import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HOST = "hostname"
_OPERATORS = {
    "IS": ("only", False),
    "CLUSTER": ("only", False),
    "LIKE": ("only", True),
    "UNLIKE": ("never", True),
}


@dataclass(frozen=True, slots=True)
class Placement:
    """The values that an attribute of the machines may have, and those that it may not, as far as these are known.

    `together` are attributes that have one value for everything that is placed so, whichever it is.
    """

    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    never: Mapping[str, frozenset[str]] = field(default_factory=dict)
    together: frozenset[str] = frozenset()

    @property
    def most(self) -> int | None:
        """On how many machines it can be at most, None where nobody knows."""
        if _HOST in self.together:
            return 1
        hosts = self.only.get(_HOST)
        return len(hosts) if hosts is not None else None

    @property
    def hosts(self) -> frozenset[str] | None:
        """The machines, where they are named."""
        return self.only.get(_HOST)

    def apart_from(self, other: Placement) -> bool:
        """Whether no machine can be for both."""
        return any(_exclude(self, other, each) for each in (*self.only, *other.only))


NOWHERE_SAID = Placement()


def _exclude(one: Placement, other: Placement, attribute: str) -> bool:
    mine, its = one.only.get(attribute), other.only.get(attribute)
    if mine is not None and its is not None and not mine & its:
        return True
    sides = ((mine, other.never.get(attribute)), (its, one.never.get(attribute)))
    return any(only is not None and never is not None and only <= never for only, never in sides)


def placement(constraints: Iterable[Any]) -> Placement:
    """What constraints say, each of which is an attribute, an operator and perhaps a value; the rest is passed over.

    Expressions count where they are values with `|` in between: nobody else can tell without trying which machines
    they mean.
    """
    only: dict[str, frozenset[str]] = {}
    never: dict[str, frozenset[str]] = {}
    together: set[str] = set()
    for row in constraints:
        if not isinstance(row, list | tuple) or len(row) < 2 or not all(isinstance(word, str) for word in row):
            continue
        attribute, operator, *values = row
        attribute = attribute.removeprefix("@")
        side, expression = _OPERATORS.get(operator.upper(), ("", False))
        if operator.upper() == "CLUSTER":
            together.add(attribute)
        found = _values(values[0], expression=expression) if values else None
        if found is not None and side == "only":
            only[attribute] = only.get(attribute, found) & found
        elif found is not None and side == "never":
            never[attribute] = never.get(attribute, frozenset()) | found
    left = {name: values - never.get(name, frozenset()) for name, values in only.items()}
    return Placement(left, never, frozenset(together))


def _values(text: str, *, expression: bool) -> frozenset[str] | None:
    """The values that are meant, None where an expression has more to it than dots and bars."""
    if not expression:
        return frozenset({text}) if text else None
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    words = inner.split("|")
    if not all(PLAIN.fullmatch(word) for word in words):
        return None
    return frozenset(word.replace("\\", "") for word in words)
