"""The options of the package that installs a Kubernetes cluster: what of them matters to who exposes its API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lbgen import source
from lbgen.dataclass import dataclass
from lbgen.errors import InputError
from lbgen.origin import Origin, Position
from lbgen.regex import regex

if TYPE_CHECKING:
    from lbgen.source import Document

Constraint = tuple[str, ...]
_MOST_NODES = 100_000
COUNT, PUBLIC_COUNT = "node_count", "public_node_count"


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
    try:
        return package_options(document.name, source.load(document))
    except InputError as error:
        raise _placed(error, document) from None


def _placed(error: InputError, document: Document) -> InputError:
    origin = error.origin
    if origin is None or origin.position is not None:
        return error
    span = document.span(origin.pointer, origin.start, origin.end) or document.span(origin.pointer)
    position = span.start if span is not None else Position(1, 1)
    return InputError(str(error), origin=Origin(document.name, position=position))


def package_options(document: str, value: Any) -> PackageOptions:
    """The options that the value of this document holds; raises InputError, which points at the value at fault."""
    values = _Values(document, value)
    return PackageOptions(
        service_name=values.service_name("service", "name"),
        signed=bool(values.text("service", "service_account")),
        node_count=values.count(COUNT, 1),
        public_node_count=values.count(PUBLIC_COUNT, 0),
        control_plane_placement=values.placement("control_plane_placement"),
        node_placement=values.placement("node_placement"),
        public_node_placement=values.placement("public_node_placement"),
    )


def is_package_options(value: Any, *, named: bool) -> bool:
    """Whether the value of a document is made of options of the package; many packages have a `service`.

    `named` says that the user named the document, and did not only find it in a directory.
    """
    if not isinstance(value, dict):
        return False
    return isinstance(value.get("kubernetes"), dict) or (named and bool(value) and value.keys() <= _MEMBERS)


_MEMBERS = frozenset({"service", "kubernetes"})
_BEGINNING = regex(r'\s*\{\s*"(?:service|kubernetes)"\s*:')


def looks_like_package_options(text: str) -> bool:
    """Whether a text that is no JSON begins as such options do."""
    return _BEGINNING.match(text) is not None


SERVICE_NAMES = "it is made of lower-case letters, digits and - , at most 63 in all, with . or / in between"
_SERVICE_NAME = regex(r"/?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:[./][a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


def is_service_name(name: str) -> bool:
    """Whether the package can be installed by that name, so that its API has a name in DNS."""
    return len(name) <= 64 and _SERVICE_NAME.fullmatch(name) is not None and len(name.strip("/").replace("/", "")) <= 63


class _Values:
    """The values of the document, each looked up with what it should be."""

    def __init__(self, document: str, value: Any) -> None:
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

    def service_name(self, *path: str) -> str:
        """The name of a service there, the package's own where there is none."""
        name = self.text(*path) or "kubernetes"
        if not is_service_name(name):
            raise self._error(_pointer(path), f"{name!r:.80} cannot be the name of a service: {SERVICE_NAMES}")
        return name

    def count(self, key: str, default: int) -> int:
        """The number there, of nodes."""
        value = self._at(("kubernetes", key))
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_NODES:
            raise self._error(_pointer(("kubernetes", key)), f"{key} has to be a number of nodes, 0 to {_MOST_NODES}")
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
        origin = Origin(self._document, pointer)
        return InputError(message, origin=origin if at is None else origin.narrowed(at, at + 1))


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
