"""A small cluster that changes all the time, as a configuration: stubs that say their port, and backends before them.

Everything is in one HAProxy, on its own loopback: the stubs too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import random

STUBS = tuple(range(9001, 9013))
BACKENDS = {
    "robin": "balance roundrobin",
    "least": "balance leastconn\n  option httpchk GET /\n  timeout check 5s",
    "hash": "balance url_param x\n  hash-type consistent",
}
FRONT = 8080


class Task(NamedTuple):
    """What a server line says: `number` is its name and its id, `port` the stub that it leads to."""

    number: int
    port: int
    weight: int = 1
    disabled: bool = False


class Fleet:
    """The tasks of each backend; at least one of each serves at any time. Events come from the `dice`."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._next = 100
        self.tasks: dict[str, list[Task]] = {name: [self._new(), self._new()] for name in BACKENDS}

    def event(self, kinds: tuple[str, ...] = ("come", "go", "move", "drain", "weigh")) -> None:
        """A task comes, goes, moves, drains or comes back, or gets another weight."""
        tasks = self.tasks[self._dice.choice(list(BACKENDS))]
        getattr(self, f"_{self._dice.choice(kinds)}")(tasks)

    def text(self) -> str:
        """The configuration; the header `x-backend` chooses the backend."""
        return "\n".join([_HEAD, *(_backend(name, tasks) for name, tasks in self.tasks.items()), *map(_stub, STUBS)])

    def serving(self, backend: str) -> set[str]:
        """The stubs that answer for this backend."""
        return {str(task.port) for task in self.tasks[backend] if not task.disabled}

    def _new(self) -> Task:
        self._next += 1
        return Task(self._next, self._dice.choice(STUBS), self._dice.choice((1, 1, 10)))

    def _come(self, tasks: list[Task]) -> None:
        if len(tasks) < 8:
            tasks.insert(self._dice.randint(0, len(tasks)), self._new())

    def _go(self, tasks: list[Task]) -> None:
        task = self._dice.choice(tasks)
        if self._others_serve(tasks, task):
            tasks.remove(task)

    def _move(self, tasks: list[Task]) -> None:
        task = self._dice.choice(tasks)
        _replace(tasks, task, task._replace(port=self._dice.choice(STUBS)))

    def _drain(self, tasks: list[Task]) -> None:
        task = self._dice.choice(tasks)
        if task.disabled or self._others_serve(tasks, task):
            _replace(tasks, task, task._replace(disabled=not task.disabled))

    def _weigh(self, tasks: list[Task]) -> None:
        task = self._dice.choice(tasks)
        _replace(tasks, task, task._replace(weight=self._dice.randint(1, 10)))

    def _others_serve(self, tasks: list[Task], task: Task) -> bool:
        return any(not other.disabled for other in tasks if other is not task)


def _replace(tasks: list[Task], old: Task, new: Task) -> None:
    tasks[tasks.index(old)] = new


_HEAD = f"""\
global
  stats socket /tmp/stats.sock level admin expose-fd listeners
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend front
  bind :{FRONT}
  use_backend %[req.hdr(x-backend)]
"""


def _backend(name: str, tasks: list[Task]) -> str:
    lines = "".join(_server(task, checked=name == "least") for task in tasks)
    return f"backend {name}\n  {BACKENDS[name]}\n{lines}"


def _server(task: Task, *, checked: bool) -> str:
    words = f" weight {task.weight}" * (task.weight != 1) + " check inter 1s" * checked + " disabled" * task.disabled
    return f"  server t{task.number} 127.0.0.1:{task.port} id {task.number}{words}\n"


def _stub(port: int) -> str:
    rule = f'http-request return status 200 content-type text/plain string "{port}"'
    return f"frontend stub_{port}\n  bind 127.0.0.1:{port}\n  {rule}\n"
