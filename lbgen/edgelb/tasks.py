"""Tasks as selectors see them, whoever told of them: Mesos, Marathon, or a definition that is not deployed yet."""

from __future__ import annotations

from dataclasses import field
from typing import NamedTuple

from lbgen.dataclass import dataclass

HOST, CONTAINER = "host", "container"
MARATHON = "marathon"


class Port(NamedTuple):
    """A port of a task: whether `number` is one of its agent's or of its container's is the `scope`."""

    number: int
    name: str = ""
    scope: str = HOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A running task. What nobody told is None, or empty.

    `service_id` and `container` are Marathon's: the id of its app or pod, and the name of a pod's container.
    `addresses` are those of its networks, `host` is its agent's. `planned` stands for one that does not run yet.
    """

    id: str
    name: str
    framework_id: str | None = None
    framework_name: str | None = None
    service_id: str | None = None
    container: str | None = None
    host: str = ""
    addresses: tuple[str, ...] = ()
    ports: tuple[Port, ...] = ()
    planned: bool = False


@dataclass(slots=True)
class Tasks:
    """All tasks that are known, sorted when they are asked for, and how many were not running or not healthy."""

    tasks: list[Task] = field(default_factory=list)
    not_running: int = 0
    unhealthy: int = 0

    def in_order(self) -> list[Task]:
        """The tasks by id."""
        return sorted(self.tasks, key=lambda task: task.id)
