"""Servers that come, go, drain and move, without a reload: what changes in the file is told to the running worker.

Where the runtime API cannot do it, or refuses, the caller reloads: the file is the truth, and a reload ends at the same
place. Nothing is believed: after each change HAProxy is asked which servers it has.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, NamedTuple

from lbgen.live.haproxy.backends import backends
from lbgen.live.haproxy.changes import ReloadNeeded, changes
from lbgen.live.haproxy.leftovers import Leftovers
from lbgen.live.haproxy.rows import Row, read_rows
from lbgen.live.haproxy.steps import steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lbgen.live.contract import Runtime
    from lbgen.live.haproxy.backends import Backend
    from lbgen.live.haproxy.changes import Change
    from lbgen.live.haproxy.servers import Server
    from lbgen.live.haproxy.steps import Command, Steps

    Rows = Mapping[str, Mapping[str, Row]]

log = logging.getLogger("lbgen.live")

_SHOW = "show servers state"
_NO_BACKEND = "Can't find backend"
# Some versions change an address a moment after they say so.
_SETTLE_SECONDS = 2.0
_PAUSE = 0.02
# Of so many backends HAProxy is not asked one by one.
_MANY = 100
# So many servers in maintenance, which cannot be deleted, are worth a reload.
_MOST_LEFTOVERS = 1000


class Outcome(NamedTuple):
    """Whether HAProxy now serves what the file says; if not, `reason` says why it has to be reloaded.

    `commands` is how many commands HAProxy was told, those that only ask aside.
    """

    done: bool
    reason: str
    commands: int


class Dynamic:
    """Changes the servers of the worker that `runtime` leads to, and remembers which ones could not be deleted yet.

    `torn` says that the last change stopped half way: HAProxy may have something of both.
    """

    def __init__(self, runtime: Callable[[], Runtime | None]) -> None:
        self._runtime = runtime
        self._leftovers = Leftovers()
        self._suspects: frozenset[str] = frozenset()
        self._told = 0
        self._unmended: frozenset[str] = frozenset()
        self.torn = False

    @property
    def leftovers(self) -> int:
        """How many servers are in maintenance until their last connection ends."""
        return len(self._leftovers)

    def forget(self) -> None:
        """HAProxy was started or reloaded: it has the servers of the file and no others."""
        self._leftovers.forget()
        self.torn = False

    def bring(self, old: str, new: str) -> int | None:
        """How many commands brought HAProxy from one configuration to another; None where it needs a reload."""
        outcome = self.update(old, new)
        if not outcome.done:
            log.info("a reload is needed: %s", outcome.reason)
        return outcome.commands if outcome.done else None

    def update(self, old: str, new: str) -> Outcome:
        """Brings a worker that serves the configuration `old` to what `new` says.

        If that fails, reload, and `forget` what was before.
        """
        try:
            return self._outcome(lambda: self._update(old, new))
        except OSError as error:
            return Outcome(False, f"the runtime API fails: {error}", self._told)

    def drift(self, text: str) -> list[str]:
        """What it takes to bring the worker to what the configuration says, in words; empty where nobody interfered.

        It takes long where there are many backends, and may be asked from another thread. Raises OSError where nobody
        answers, ValueError where that is no HAProxy, ReloadNeeded without a runtime API.
        """
        found = self._drifted(backends(text))
        self._suspects = frozenset(backend.name for backend, _ in found)
        return [words for _, each in found for words in each.in_words()]

    def mend(self, text: str) -> Outcome:
        """Brings the worker to what the configuration says where `drift` found that somebody interfered, or anywhere.

        If that fails, reload, and `forget` what was before. A reload is not asked for again where the last one did not
        mend the same. Raises OSError where nobody answers.
        """
        return self._outcome(lambda: self._mend(text))

    def settle(self) -> int:
        """Deletes what can be deleted by now; how many servers are left."""
        names = self._leftovers.backends()
        try:
            self._ask([f"del server {backend}/{name}" for backend in names for name in self._leftovers.of(backend)])
            for backend, rows in self._rows(names).items():
                self._leftovers.keep(backend, [name for name in self._leftovers.of(backend) if name in rows], {})
        except (OSError, ValueError, ReloadNeeded):
            pass  # it is tried again, and a reload deletes them too
        return self.leftovers

    def _outcome(self, work: Callable[[], None]) -> Outcome:
        self._told = 0
        try:
            work()
        except (ReloadNeeded, ValueError) as why:
            return Outcome(False, str(why), self._told)
        return Outcome(True, "", self._told)

    def _update(self, old: str, new: str) -> None:
        found = changes(old, new)
        for change in found:
            _refuse_other_lines(change)
        everywhere = (each for each in backends(new) if not each.unclear) if self.torn else ()
        wanted = list(everywhere) or [change.after for change in found]
        self._converge(wanted, {each.before.name: each.before.servers for each in found})

    def _mend(self, text: str) -> None:
        suspects, self._suspects = self._suspects, frozenset()
        drifted = self._drifted(backends(text, suspects or None))
        what = frozenset(words for _, found in drifted for words in found.in_words())
        if not what or what == self._unmended:
            return
        try:
            self._converge([backend for backend, _ in drifted], {})
        except ReloadNeeded:
            self._unmended = what
            raise
        self._unmended = frozenset()

    def _drifted(self, wanted: Iterable[Backend]) -> list[tuple[Backend, Steps]]:
        """Those of the backends that HAProxy has otherwise, with what has to be done there."""
        clear = [backend for backend in wanted if not backend.unclear]
        found = self._steps(clear, self._rows(backend.name for backend in clear))
        return [(backend, each) for backend, each in found if not each.settled]

    def _converge(self, wanted: Sequence[Backend], before: Mapping[str, Mapping[str, Server]]) -> None:
        found = [each for _, each in self._steps(wanted, self._rows(backend.name for backend in wanted))]
        problem = next((problem for each in found for problem in each.problems), None)
        if problem is not None:
            raise ReloadNeeded(problem)
        self.torn = self.torn or not all(each.settled for each in found)
        for stage in ("additions", "settings", "removals"):
            self._tell([command for each in found for command in getattr(each, stage)])
        deletions = [command.text for each in found for command in each.deletions]
        self._told += len(deletions)
        self._ask(deletions)  # HAProxy may refuse for now
        rows = self._confirmed(wanted)
        self.torn = False
        self._keep(wanted, rows, before)

    def _steps(self, wanted: Iterable[Backend], rows: Rows) -> list[tuple[Backend, Steps]]:
        """What is to be done in each backend."""
        return [(each, steps(each, rows.get(each.name, {}), self._leftovers.strange(each))) for each in wanted]

    def _tell(self, commands: Sequence[Command]) -> None:
        """Gives the commands; raises ReloadNeeded where HAProxy refuses one."""
        self._told += len(commands)
        for command, answer in zip(commands, self._ask([each.text for each in commands]), strict=True):
            if not command.worked(answer):
                said = answer.strip().partition("\n")[0]
                msg = f'HAProxy says "{said:.200}" to "{command.text:.200}"'
                raise ReloadNeeded(msg)

    def _confirmed(self, wanted: Sequence[Backend]) -> Rows:
        """The rows of these backends once they are what is wanted; raises ReloadNeeded where they do not become so."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        while True:
            rows = self._rows(backend.name for backend in wanted)
            left = [found for _, found in self._steps(wanted, rows) if not found.settled]
            if not left:
                return rows
            if time.monotonic() > deadline:
                msg = f"HAProxy did not do all that it was told: {left[0].in_words()[0]:.200}"
                raise ReloadNeeded(msg)
            time.sleep(_PAUSE)

    def _keep(self, wanted: Iterable[Backend], rows: Rows, before: Mapping[str, Mapping[str, Server]]) -> None:
        """Keeps in mind what was to be deleted and is still there."""
        for backend in wanted:
            left = [name for name in rows[backend.name] if name not in backend.servers]
            self._leftovers.keep(backend.name, left, before.get(backend.name, {}))
        if self.leftovers > _MOST_LEFTOVERS:
            msg = f"{self.leftovers} servers cannot be deleted"
            raise ReloadNeeded(msg)

    def _rows(self, names: Iterable[str]) -> Rows:
        """The servers of these backends, by backend and name."""
        wanted = list(names)
        answers = self._ask([_SHOW] if len(wanted) > _MANY else [f"{_SHOW} {name}" for name in wanted])
        found: dict[str, dict[str, Row]] = {name: {} for name in wanted}
        for answer in answers:
            for row in () if answer.startswith(_NO_BACKEND) else read_rows(answer):
                found.setdefault(row.backend, {})[row.name] = row
        return found

    def _ask(self, commands: Sequence[str]) -> list[str]:
        if not commands:
            return []
        runtime = self._runtime()
        if runtime is None:
            msg = "there is no runtime API"
            raise ReloadNeeded(msg)
        return runtime.ask(commands)


def _refuse_other_lines(change: Change) -> None:
    """Raises ReloadNeeded where a server that stays changes in what the runtime API cannot change."""
    before, after = change
    if before.unclear or after.unclear:
        raise ReloadNeeded(f"{after.name}: {before.unclear or after.unclear}")
    if list(before.servers) != list(after.servers) and (before.positional or after.positional):
        raise ReloadNeeded(f"{after.name}: servers are chosen by their places, and change them")
    for name, server in after.servers.items():
        old = before.servers.get(name)
        if old is None:
            continue
        if old.options != server.options:
            raise ReloadNeeded(f"{after.name}/{name} gets other options")
        if old.where != server.where and None in {old.address, server.address}:
            raise ReloadNeeded(f"{after.name}/{name} gets an address that is no IP address with a port")
