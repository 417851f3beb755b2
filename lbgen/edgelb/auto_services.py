"""From wishes to the services of a backend: who the servers are, and on which port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbgen.edgelb.traced import From
from lbgen.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lbgen.edgelb.auto_groups import Wish
    from lbgen.edgelb.label_values import Part

_ENDPOINT, _PORT_NAME = "backend.endpoint", "backend.portName"


def endpoint(wish: Wish) -> dict[str, Any]:
    """Where the servers of the wish listen; raises AppError where the task has no such place."""
    if _ENDPOINT in wish.values:
        return {key: traced(wish, _ENDPOINT, part) for key, part in wish.values[_ENDPOINT].items()}
    if _PORT_NAME in wish.values:
        return {"portName": traced(wish, _PORT_NAME, wish.values[_PORT_NAME])}
    ports = wish.task.ports
    if not ports:
        help_ = f"a task without ports can be reached by {wish.key(_ENDPOINT)}: type:ADDRESS, or a port"
        message = f"{wish.task.ref.id} has no port that could be served"
        raise AppError(message, origin=wish.origin(), help=help_, rule="task-without-port")
    if ports[0] is not None:
        return {"portName": ports[0]}
    if len(ports) > 1:
        help_ = f"name it in the app, and say which in {wish.key(_PORT_NAME)}"
        message = f"{wish.task.ref.id} has a first port without a name, and Edge-LB finds ports by their names"
        raise AppError(message, origin=wish.origin(), help=help_, rule="unnamed-port")
    return {"allPorts": True}


def traced(wish: Wish, name: str, part: Part) -> From:
    """A part of a label's value, and where it stands."""
    return From(part.value, wish.origin(name, part.piece))


def services(wishes: Iterable[Wish]) -> list[From]:
    """The services of a group, in the order of the tasks; an address that several of them give is one service."""
    made: list[From] = []
    addresses = set()
    for wish in wishes:
        found = endpoint(wish)
        plain = {key: value.value if isinstance(value, From) else value for key, value in found.items()}
        if plain.get("type") != "ADDRESS":
            made.append(From({**wish.task.selector, "endpoint": found}, wish.origin()))
        elif tuple(sorted(plain.items())) not in addresses:
            addresses.add(tuple(sorted(plain.items())))
            made.append(From({"endpoint": found}, wish.origin()))
    return made
