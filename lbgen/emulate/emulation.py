"""Emulated load balancers: started, changed as their descriptions change, and ended."""

from __future__ import annotations

import contextlib
import random
import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from lbgen.check.throwaway import Authority
from lbgen.dataclass import dataclass
from lbgen.emulate import standins
from lbgen.emulate.doors import walls
from lbgen.emulate.engine import CONFIG, STAND_INS, Layout, PortTakenError
from lbgen.emulate.local import Placed, localised
from lbgen.emulate.trying import hosts, tries
from lbgen.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Self

    from lbgen.emulate.balancer import Balancer
    from lbgen.emulate.doors import Doors, Wall
    from lbgen.emulate.engine import Engine, Running
    from lbgen.emulate.standins import StandIn
    from lbgen.emulate.trying import Try

_OWN_NAMES = ("localhost", "127.0.0.1")
_INNER = "inner"
_TIMES = 5
_REMEMBERED = 100


@dataclass(frozen=True)
class Served:
    """A load balancer that is served: `ports` of this machine by what they stand for, and who stands behind it.

    `walls` are what stands behind the ports that HAProxy itself listens on, `tries` what to try. `numbers` are the
    ports of the stand-ins by their roles. `generation` sets it apart from what was served before.
    """

    balancer: Balancer
    ports: Mapping[Wall, int]
    walls: Mapping[int, Wall]
    behind: Mapping[tuple[str, str], StandIn]
    tries: Sequence[Try]
    layout: Layout
    running: Running
    number: int
    numbers: Mapping[tuple[str, ...], int]
    generation: int


class Emulation:
    """All load balancers that run, by name; `log` gets the name of one and a line of its log."""

    def __init__(self, engine: Engine, doors: Doors, log: Callable[[str, str], None]) -> None:
        self.engine = engine
        self.authority = Authority.new()
        self.served: dict[str, Served] = {}
        self._doors = doors
        self._log = log
        self._token = secrets.token_hex(4)
        self._count = 0
        self._generation = 0
        self._then: dict[tuple[str, int], Served] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.served):
            self.stop(name)
        self._doors.let_go()
        self.engine.close()

    def serve(self, balancer: Balancer) -> bool:
        """Serves it, in place of one of the same name; whether anything changed.

        Raises HaproxyDidNotStart or ToolError where that does not work: then the one before goes on being served.
        """
        old = self.served.get(balancer.name)
        if old is not None and (old.balancer.text, old.balancer.files) == (balancer.text, balancer.files):
            # Its lines may come from other places now.
            self._note(replace(self._placed(balancer, old), generation=old.generation))
            return False
        new = self._placed(balancer, old)
        if old is None or not old.running.reload(new.layout):
            new = self._started(new, old)
        self._note(new)
        return True

    def then(self, name: str, generation: int) -> Served | None:
        """What was served under this name when it had this number: connections outlive an edit, and so does the log."""
        return self._then.get((name, generation))

    def _note(self, served: Served) -> None:
        name = served.balancer.name
        self.served[name] = self._then[name, served.generation] = served
        now = {(each.balancer.name, each.generation) for each in self.served.values()}
        for key in [key for key in self._then if key not in now][:-_REMEMBERED]:
            del self._then[key]

    def stop(self, name: str) -> None:
        """Ends the one of this name."""
        self.served.pop(name).running.stop()

    def ended(self) -> Iterator[str]:
        """The names of those whose HAProxy runs no more."""
        return (name for name, each in self.served.items() if not each.running.is_alive())

    def _started(self, new: Served, old: Served | None) -> Served:
        """Starts it; what was served before is ended first, and started again where the new one does not come up."""
        if old is not None:
            old.running.stop()
        try:
            return self._start(new)
        except ToolError:
            if old is not None:
                with contextlib.suppress(ToolError):
                    self._note(self._start(old))
            raise

    def _start(self, served: Served) -> Served:
        for _ in range(_TIMES):
            with contextlib.suppress(PortTakenError):
                return self._start_once(served)
            # Another one began at the same time: it has its ports by now.
            self._doors.forget(served.balancer.name)
            time.sleep(random.random())  # noqa: S311 - to get out of its way
            served = self._placed(served.balancer, served)
        return self._start_once(served)

    def _start_once(self, served: Served) -> Served:
        name = served.balancer.name
        if not self.engine.shares_ports:
            self._doors.let_go()
        running = self.engine.start(served.number, served.layout, self._doors.host, lambda line: self._log(name, line))
        return replace(served, running=running)

    def _placed(self, balancer: Balancer, old: Served | None) -> Served:
        """The balancer with everything in its place on this machine; what stays has the place that it had."""
        number = old.number if old is not None else self._next()
        self._generation += 1
        ports = self._doors.open(balancer.name, walls(balancer.config))
        bound = self._bound(ports, old)
        inner = {wall: own for wall, (_, own) in bound.items()}
        found = standins.stand_ins(balancer)
        numbers = self._numbers(found, inner.values(), old)
        here = Placed(
            {wall: text for wall, (text, _) in bound.items()},
            {each.line: numbers[each.role] for each in found},
            self.engine.root(number),
            f"{self._token}{number}",
            self._generation,
        )
        # Until HAProxy has heard of the new ones, it goes on asking the old ones.
        behind = {each.role: each for each in (*(old.behind.values() if old is not None else ()), *found)}
        placed = {each: numbers[role] for role, each in behind.items()}
        return Served(
            balancer=balancer,
            ports=ports,
            walls={own: wall for wall, own in inner.items()},
            behind={(each.backend, each.server): each for each in found},
            tries=tries(balancer, ports),
            layout=Layout(
                self._files(balancer, here, placed, [numbers[_INNER, str(index)] for index in range(3)]),
                {own: ports[wall] for wall, own in inner.items()},
            ),
            running=old.running if old is not None else _NOT_YET,
            number=number,
            numbers=numbers,
            generation=self._generation,
        )

    def _bound(self, ports: Mapping[Wall, int], old: Served | None) -> dict[Wall, tuple[str, int]]:
        bound: dict[Wall, tuple[str, int]] = {}
        others = old.numbers.values() if old is not None else ()
        for wall, port in ports.items():
            taken = [*others, *(inner for _, inner in bound.values())]
            bound[wall] = self.engine.bound(wall, port, taken, self._doors.host)
        return bound

    def _numbers(
        self, found: Sequence[StandIn], taken: Iterable[int], old: Served | None
    ) -> dict[tuple[str, ...], int]:
        """The port of each stand-in, by its role; those of before keep theirs."""
        numbers = dict(old.numbers) if old is not None else {}
        roles = [*(each.role for each in found), *((_INNER, str(index)) for index in range(3))]
        new = [role for role in dict.fromkeys(roles) if role not in numbers]
        ports = self.engine.behind(self._doors, len(new), [*taken, *numbers.values()])
        return {**numbers, **dict(zip(new, ports, strict=True))}

    def _files(
        self, balancer: Balancer, here: Placed, placed: Mapping[StandIn, int], inner: Sequence[int]
    ) -> dict[str, bytes]:
        """Everything that the two HAProxys read, by name."""
        certificate = self.authority.issue([*_OWN_NAMES, *hosts(balancer)])
        local = localised(balancer, here, certificate, self.authority.pem)
        return {
            **local.files,
            **standins.files(placed),
            "standin.pem": certificate,
            CONFIG: local.text.encode("utf-8", "surrogateescape"),
            STAND_INS: standins.configuration(placed, inner, here.root).encode(),
        }

    def _next(self) -> int:
        self._count += 1
        return self._count


class _NotYet:
    """What is placed and does not run yet."""

    def reload(self, layout: Layout) -> bool:  # noqa: ARG002 - as in Running
        return False

    def is_alive(self) -> bool:
        return False

    def said(self) -> str:
        return ""

    def stop(self) -> None:
        """Nothing."""


_NOT_YET = _NotYet()
