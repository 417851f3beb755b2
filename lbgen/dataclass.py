"""Dataclasses whose methods are compiled when they are first called.

The standard library compiles five or six methods of each class as soon as it is there. A run loads a hundred classes,
makes instances of half of them and compares few: compiling all of that would take a fifth of a short run. Otherwise
these are the same, as far as lbgen needs them: they inherit from nothing.
"""

from __future__ import annotations

import dataclasses
from dataclasses import MISSING, FrozenInstanceError
from typing import TYPE_CHECKING, Any, NamedTuple

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from dataclasses import Field, dataclass
else:

    def dataclass(
        *, frozen: bool = False, slots: bool = False, kw_only: bool = False, eq: bool = True
    ) -> Callable[[type], type]:
        """What makes a dataclass of a class."""
        return lambda cls: _made(cls, slots=slots, kw_only=kw_only, frozen=frozen, eq=eq)


def _made(cls: type, *, slots: bool, kw_only: bool, frozen: bool, eq: bool) -> type:
    # Who has no docstring would be given a signature as one, which takes as long as ten classes.
    cls.__doc__ = cls.__doc__ or cls.__name__
    # What fields are, the standard library knows, and tells it to its own functions: replace, fields, asdict.
    known: type = dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
    shape = _Shape(dataclasses.fields(known), frozen, hasattr(cls, "__post_init__"))
    names = tuple(field.name for field in shape.fields)
    own = {name: value for name, value in vars(cls).items() if name not in {*names, "__dict__", "__weakref__"}}
    own |= {"__qualname__": cls.__qualname__} | ({"__slots__": names} if slots else {})
    more = (_FROZEN if frozen else _MUTABLE if eq else {}) | (_COPIED if frozen and slots else {})
    made = type(cls.__name__, cls.__bases__, more | own)
    for name, source in _SOURCES.items():
        if name not in vars(made) and (eq or name not in _OF_EQUALITY):
            setattr(made, name, _late(made, name, source, shape))
    return made


def _set_nothing(_self: object, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete_nothing(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_FROZEN = {"__setattr__": _set_nothing, "__delattr__": _delete_nothing}
# What slots hold is copied by setting it, unless a class has a way of its own.
_COPIED = {"__getstate__": _state, "__setstate__": _restore}
_MUTABLE = {"__hash__": None}
_OF_EQUALITY = ("__eq__", "__hash__")


class _Shape(NamedTuple):
    fields: Sequence[Field[Any]]
    frozen: bool
    goes_on: bool

    @property
    def compared(self) -> str:
        """An expression for the tuple that two instances are compared by; they are called self and other."""
        return "".join(f"{{0}}.{field.name}, " for field in self.fields if field.compare)


def _late(owner: type, name: str, source: Callable[[_Shape], str], shape: _Shape) -> Callable[..., Any]:
    """A method that puts the compiled one in its own place when it is first called."""

    def method(*given: Any, **named: Any) -> Any:
        compiled = _compiled(name, source(shape), shape)
        setattr(owner, name, compiled)
        return compiled(*given, **named)

    return method


def _compiled(name: str, source: str, shape: _Shape) -> Callable[..., Any]:
    known: dict[str, Any] = {"_set": object.__setattr__, "_UNGIVEN": object()}
    for field in shape.fields:
        known[f"_of_{field.name}"] = field.default if field.default_factory is MISSING else field.default_factory
    exec(source, known)  # noqa: S102 - names of fields, and nothing from outside
    return known[name]  # type: ignore[no-any-return]


def _init(shape: _Shape) -> str:
    """The source of the function that sets the fields."""
    given = [field for field in shape.fields if field.init]
    parameters = ["self", *(_parameter(field) for field in given if not field.kw_only)]
    keywords = [_parameter(field) for field in given if field.kw_only]
    line = "_set(self, '{0}', {1})" if shape.frozen else "self.{0} = {1}"
    lines = [line.format(field.name, _value(field)) for field in shape.fields if field.init or _has_value(field)]
    lines += ["self.__post_init__()"] * shape.goes_on
    head = f"def __init__({', '.join([*parameters, *['*'] * bool(keywords), *keywords])}):"
    return "\n  ".join([head, *lines, "return"])


def _has_value(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _parameter(field: Field[Any]) -> str:
    if field.default_factory is not MISSING:
        return f"{field.name}=_UNGIVEN"
    return field.name if field.default is MISSING else f"{field.name}=_of_{field.name}"


def _value(field: Field[Any]) -> str:
    if not field.init:
        return f"_of_{field.name}" + "()" * (field.default_factory is not MISSING)
    if field.default_factory is not MISSING:
        return f"_of_{field.name}() if {field.name} is _UNGIVEN else {field.name}"
    return field.name


def _eq(shape: _Shape) -> str:
    both = f"({shape.compared.format('self')}) == ({shape.compared.format('other')})"
    return f"def __eq__(self, other):\n  return {both} if other.__class__ is self.__class__ else NotImplemented"


def _hash(shape: _Shape) -> str:
    return f"def __hash__(self):\n  return hash(({shape.compared.format('self')}))"


def _repr(shape: _Shape) -> str:
    shown = ", ".join(f"{field.name}={{self.{field.name}!r}}" for field in shape.fields if field.repr)
    return f"def __repr__(self):\n  return f'{{self.__class__.__qualname__}}({shown})'"


_SOURCES = {"__init__": _init, "__eq__": _eq, "__hash__": _hash, "__repr__": _repr}
