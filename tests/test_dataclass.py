"""lbgen's dataclasses do what those of the standard library do."""

from __future__ import annotations

import dataclasses
from copy import copy, deepcopy
from dataclasses import FrozenInstanceError, asdict, field, fields, is_dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from lbgen import dataclass as ours

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 7


def described(dataclass: Callable[..., Any]) -> dict[str, Any]:
    """A frozen class, a mutable one, and one whose fields are given by name, made by this decorator."""

    @dataclass(frozen=True, slots=True)
    class Frozen:
        """What is written down."""

        first: str
        second: int | None = None
        rest: dict[str, int] = field(default_factory=dict, compare=False, repr=False)

        @property
        def double(self) -> str:
            return self.first * 2

        def called(self, first: str) -> Any:
            return replace(self, first=first)

    @dataclass(slots=True)
    class Mutable:
        """What is collected."""

        given: list[int]
        found: list[int] = field(default_factory=list)
        made: str = field(init=False)
        _own: list[int] = field(default_factory=list, init=False, repr=False)
        most: int = MOST

        def __post_init__(self) -> None:
            self.made = f"of {len(self.given)}"

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        """What is given by name."""

        some: int = 1
        needed: int

        def __repr__(self) -> str:
            return "named"

    @dataclass(frozen=True, eq=False)
    class Own:
        """What is the same as itself only, and keeps what it finds out."""

        text: str
        more: list[str] = field(default_factory=list)

        @cached_property
        def length(self) -> int:
            return len(self.text)

    return {"Frozen": Frozen, "Mutable": Mutable, "Named": Named, "Own": Own}


STANDARD, OURS = described(dataclasses.dataclass), described(ours.dataclass)
KNOWN = {
    "asdict": asdict,
    "copy": copy,
    "deepcopy": deepcopy,
    "fields": fields,
    "is_dataclass": is_dataclass,
    "replace": replace,
    "MOST": MOST,
}
USES = """
repr(Frozen("a", 1, {"x": 1}))
repr(Mutable([1]))
repr(Mutable([1], [2], most=3))
repr(Named(needed=1))
Frozen("a") == Frozen(first="a", second=None, rest={"x": 1})
Frozen("a") == Frozen("b")
Frozen("a") != Frozen("a")
Frozen("a") == "a"
Frozen("a").__eq__("a")
Frozen("a") < Frozen("b")
Mutable([1]) == Mutable([1])
Mutable([1]) == Mutable([1], [2])
Named(needed=1) == Named(needed=1)
hash(Frozen("a", 1)) == hash(("a", 1))
len({Frozen("a"), Frozen("a"), Frozen("b")})
hash(Frozen([]))
hash(Mutable([]))
Frozen("a").double
repr(Frozen("a", 1).called("b"))
Frozen("a").rest
Frozen("a").rest is Frozen("a").rest
Mutable([]).found is Mutable([]).found
Mutable([])._own
Mutable([]).most is MOST
setattr(Frozen("a"), "first", "b")
delattr(Frozen("a"), "first")
setattr(Mutable([]), "most", 3)
setattr(Mutable([]), "new", 3)
Frozen()
Frozen("a", 1, {}, 2)
Frozen("a", first="b")
Frozen("a", new=1)
Mutable([], made="x")
Named(1)
Named()
Named(some=2, needed=3).some
asdict(Frozen("a", 1, {"x": 2}))
replace(Frozen("a", 1), second=2).second
replace(Frozen("a"), new=1)
replace(Mutable([]), made="x")
[each.name for each in fields(Frozen)]
[each.name for each in fields(Mutable([]))]
is_dataclass(Frozen)
Frozen.__doc__
Frozen.__name__
Frozen.__qualname__
Frozen.__module__
Frozen.__slots__
Frozen.__match_args__
Named.__match_args__
hasattr(Frozen("a"), "__dict__")
hasattr(Frozen, "first")
hasattr(Own("a"), "__dict__")
Own("a") == Own("a")
len({Own("a"), Own("a")})
Own("abc").length
repr(Own("a"))
replace(Own("a"), text="bc").length
copy(Frozen("a", 1)) == Frozen("a", 1)
deepcopy(Frozen("a", 1, {"x": 1})).rest
copy(Mutable([1])) == Mutable([1])
copy(Named(needed=2)).needed
deepcopy(Own("a")).text
setattr(Own("a"), "text", "b")
"""


def outcome(use: str, classes: dict[str, Any]) -> tuple[type, Any]:
    try:
        value = eval(use, KNOWN | classes)
    except (TypeError, AttributeError, ValueError) as error:
        # The standard library's constructors are called by the class's full name in messages.
        return type(error), str(error).rpartition("__init__")[2]
    return type(value), value


@pytest.mark.parametrize("use", USES.strip().splitlines())
def test_what_comes_of(use: str) -> None:
    for _ in ("when it is compiled", "when it is there"):
        assert outcome(use, OURS) == outcome(use, STANDARD)


@pytest.mark.parametrize("use", ['setattr(Frozen("a"), "new", "b")', 'delattr(Frozen("a"), "new")'])
def test_what_is_frozen_takes_nothing_new(use: str) -> None:
    # Where the standard library may raise a TypeError about its own super().
    with pytest.raises(FrozenInstanceError, match="'new'"):
        eval(use, OURS)


def test_who_has_no_docstring_gets_a_name_for_one() -> None:
    @ours.dataclass(slots=True)
    class Bare:
        one: int

    assert Bare.__doc__ == "Bare"


def test_methods_are_compiled_when_they_are_called_and_then_stay() -> None:
    cls = described(ours.dataclass)["Frozen"]
    late = {name: getattr(cls, name) for name in ("__init__", "__eq__", "__hash__", "__repr__")}
    one = cls("a")
    compiled = cls.__init__
    assert compiled is not late["__init__"]
    assert cls.__eq__ is late["__eq__"]
    assert one == cls("a")
    assert cls.__eq__ is not late["__eq__"]
    assert cls.__init__ is compiled
    assert cls.__repr__ is late["__repr__"]
