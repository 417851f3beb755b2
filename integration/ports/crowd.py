"""A crowd of processes that reserve, release and renew ports at once, some of which are killed."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lbgen.errors import LbgenError
from lbgen.ports.store import RefusedError, Reservations, Wanted, database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from lbgen.ports.store import Reservation

PORTS = range(10000, 10064)
SCOPE = "external"
_ADDRESSES = ("*", "*", "192.0.2.1", "192.0.2.2", "::", "0.0.0.0")
_ENOUGH = 100
# How slow a machine may be until it is a failure: to do enough, to end, to start a server that has crashed.
_SLOWEST = 240
_FORK = multiprocessing.get_context("fork")


class Line(NamedTuple):
    """A line of a member's diary: what it was about to do, or what it was told had been done."""

    holder: str
    what: str
    detail: str


def _member(url: str, number: int, enough: Path, diary: Path) -> None:
    chance = random.Random(f"{number} {os.getpid()}")
    database.PATIENCE = _SLOWEST
    reservations = Reservations(url)
    with diary.open("a", buffering=1) as lines:
        while not enough.exists():
            holder = f"/crowd/{number}:{chance.randrange(3)}"
            _act(reservations, chance, holder, lambda said, detail="", who=holder: print(who, said, detail, file=lines))


def _act(reservations: Reservations, chance: random.Random, holder: str, note: Callable[..., None]) -> None:
    act = chance.choices(("reserve", "release", "renew"), (6, 3, 1))[0]
    note(f"begin-{act}")
    begun = time.monotonic()
    try:
        if act == "reserve":
            wanted = Wanted(
                scope=SCOPE,
                holder=holder,
                address=chance.choice(_ADDRESSES),
                width=chance.choice((1, 1, 1, 3)),
                ttl=3600,
            )
            note("reserved", what(reservations.reserve(wanted, chance.sample(PORTS, len(PORTS)))))
        elif act == "release":
            reservations.release(scope=SCOPE, holder=holder)
            note("released")
        else:
            renewed = reservations.renew(7200, scope=SCOPE, holder=holder)
            note("renewed" if renewed else "refused", *map(what, renewed))
    except RefusedError:
        note("refused")
    except LbgenError as error:
        note("error", error)
    note("took", time.monotonic() - begun)


def what(each: Reservation) -> str:
    """What has to be there again in the end."""
    return f"{each.named_ports} {each.address} {each.until}"


@dataclass
class Crowd:
    """Members by number, their diaries, and how many were killed."""

    url: str
    size: int
    directory: Path
    members: dict[int, BaseProcess] = field(default_factory=dict)
    killed: int = 0

    @property
    def _enough(self) -> Path:
        # A file, and no lock of multiprocessing's: who is killed while it holds one has everybody wait for ever.
        return self.directory / "enough"

    def work(self, seconds: float, *, disturb: Callable[[], None] | None = None) -> None:
        """Has everybody work for so long; one is killed now and then, and once, in the middle, things are disturbed."""
        for number in range(self.size):
            self._begin(number)
        self._watch(seconds / 2, 4)
        if disturb is not None:
            disturb()
        self._watch(seconds / 2, 8)
        self._enough.touch()
        for member in self.members.values():
            member.join(_SLOWEST)
            assert member.exitcode == 0, f"a member ended with {member.exitcode}"

    def _watch(self, seconds: float, least: int) -> None:
        """Kills now and then for so long, and until so many were killed and enough was done since."""
        end = time.monotonic() + seconds
        before = self._reserved()
        while time.monotonic() < end or self.killed < least or self._reserved() < before + _ENOUGH:
            assert time.monotonic() < end + _SLOWEST, "nobody gets anything done"
            time.sleep(0.1)
            self._kill(random.randrange(self.size))

    def _reserved(self) -> int:
        return sum(path.read_text().count(" reserved ") for path in self.directory.glob("[0-9]*"))

    def _begin(self, number: int) -> None:
        arguments = (self.url, number, self._enough, self.directory / str(number))
        self.members[number] = _FORK.Process(target=_member, args=arguments)
        self.members[number].start()

    def _kill(self, number: int) -> None:
        member = self.members[number]
        assert member.pid is not None
        os.kill(member.pid, signal.SIGKILL)
        member.join()
        self.killed += 1
        self._begin(number)

    def told(self) -> str:
        """How much was done, and how long it took."""
        lines = list(self.diary())
        took = sorted(float(line.detail) for line in lines if line.what == "took")
        counted = {word: sum(line.what == word for line in lines) for word in ("reserved", "refused", "released")}
        middle, most = took[len(took) // 2], took[-1]
        return f"{self.killed} killed, {len(took)} done, {counted}, {middle:.3f} s most often, {most:.1f} s at most"

    def diary(self) -> Iterator[Line]:
        """What all members wrote down, each in its order."""
        for number in range(self.size):
            for line in (self.directory / str(number)).read_text().splitlines():
                holder, what, detail = line.split(" ", 2)
                yield Line(holder, what, detail)

    def last(self) -> dict[str, Line]:
        """By holder what was last done, of those for whom that is certain: nothing else was begun since.

        Whoever is killed may have done what he had begun, or not; a refusal later on does not tell.
        """
        last: dict[str, Line] = {}
        begun: Counter[str] = Counter()
        for line in self.diary():
            if line.what.startswith("begin-"):
                begun[line.holder] += 1
            elif line.what == "refused":
                begun[line.holder] -= 1
            elif line.what in {"reserved", "released", "renewed"}:
                begun[line.holder] = 0
                last[line.holder] = line
        return {holder: line for holder, line in last.items() if not begun[holder]}
