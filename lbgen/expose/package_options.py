"""The options of the package that installs a Kubernetes cluster: what of them matters to who exposes its API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen import source
from lbgen.dataclass import dataclass
from lbgen.errors import InputError
from lbgen.origin import Origin, Position

if TYPE_CHECKING:
    from lbgen.source import Document

Constraint = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackageOptions:
    """What the file says, or the package's defaults where it does not.

    `signed` says that the cluster has a service account, with which the authority of DC/OS Enterprise signs its
    certificates. A placement is a list of Marathon's constraints, as in ("hostname", "UNIQUE").
    """

    service_name: str = "kubernetes"
    signed: bool = False
    node_count: int = 1
    public_node_count: int = 0
    control_plane_placement: tuple[Constraint, ...] = ()
    node_placement: tuple[Constraint, ...] = ()
    public_node_placement: tuple[Constraint, ...] = ()


def read_package_options(name: str) -> PackageOptions:
    """The options in this file, `-` for standard input.

    Raises InputError, with line and column, where it cannot be read or holds something that the package refuses.
    """
    document = source.read(name)
    values = _Values(document, source.load(document))
    return PackageOptions(
        service_name=values.text("service", "name") or "kubernetes",
        signed=bool(values.text("service", "service_account")),
        node_count=values.count("node_count", 1),
        public_node_count=values.count("public_node_count", 0),
        control_plane_placement=values.placement("control_plane_placement"),
        node_placement=values.placement("node_placement"),
        public_node_placement=values.placement("public_node_placement"),
    )


class _Values:
    """The values of the document, each looked up with what it should be."""

    def __init__(self, document: Document, value: Any) -> None:
        self._document = document
        self._value = value
        if not isinstance(value, dict):
            raise self._error("", "holds no options: these are an object with service and kubernetes in it")

    def text(self, *path: str) -> str:
        """The text there, empty where there is none."""
        value = self._at(path)
        if value is not None and not isinstance(value, str):
            raise self._error(_pointer(path), f"{path[-1]} has to be a text")
        return value or ""

    def count(self, key: str, default: int) -> int:
        """The number there, of nodes."""
        value = self._at(("kubernetes", key))
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._error(_pointer(("kubernetes", key)), f"{key} has to be a number of nodes, 0 or more")
        return value

    def placement(self, key: str) -> tuple[Constraint, ...]:
        """The constraints there: JSON inside a string, one of them or a list of them."""
        text = self.text("kubernetes", key)
        if not text.strip():
            return ()
        pointer = _pointer(("kubernetes", key))
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            message = f"{key} holds JSON in a string, and this is none: {_reason(error)}"
            raise self._error(pointer, message, getattr(error, "pos", None)) from None
        constraints = value if isinstance(value, list) and all(isinstance(each, list) for each in value) else [value]
        if not all(map(_is_constraint, constraints)):
            raise self._error(pointer, f'{key} has to hold constraints, as in [["hostname", "UNIQUE"]]')
        return tuple(tuple(each) for each in constraints)

    def _at(self, path: tuple[str, ...]) -> Any:
        value = self._value
        for depth, key in enumerate(path):
            if value is None:
                return None
            if not isinstance(value, dict):
                raise self._error(_pointer(path[:depth]), f"{path[depth - 1]} has to be an object")
            value = value.get(key)
        return value

    def _error(self, pointer: str, message: str, at: int | None = None) -> InputError:
        narrowed = (at, at + 1) if at is not None else (None, None)
        span = self._document.span(pointer, *narrowed) or self._document.span(pointer)
        start = span.start if span is not None else Position(1, 1)
        return InputError(message, origin=Origin(self._document.name, position=start))


def _reason(error: Exception) -> str:
    return getattr(error, "msg", "it is nested too deep")


def _pointer(path: tuple[str, ...]) -> str:
    return "".join(f"/{key}" for key in path)


_OPERATORS = {"UNIQUE": 2, "CLUSTER": 3, "GROUP_BY": 3, "LIKE": 3, "UNLIKE": 3, "MAX_PER": 3, "IS": 3}


def _is_constraint(value: Any) -> bool:
    """Whether it is a field, an operator of Marathon's and, where that needs one, a value."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value) or len(value) not in {2, 3}:
        return False
    operands = _OPERATORS.get(value[1].upper())
    return operands is not None and (len(value) == operands or value[1].upper() in {"GROUP_BY", "CLUSTER"})
