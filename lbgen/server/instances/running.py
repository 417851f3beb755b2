"""A HAProxy for every pool: each has a keeper, and whoever asks is told what runs."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from lbgen.errors import LbgenError, ToolError
from lbgen.live.haproxy.private import Private
from lbgen.live.haproxy.sockets import fits
from lbgen.server.instances.balancer import Machine
from lbgen.server.instances.binding import Addresses
from lbgen.server.instances.keeper import Keeper
from lbgen.server.instances.places import place_of, places
from lbgen.server.instances.ports import Ports
from lbgen.server.refusals import Refusal
from lbgen.server.running import Instance, State, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from lbgen.edgelb.pool import Pool
    from lbgen.pipeline.pools import PoolOptions
    from lbgen.server.instances.engine import Engine
    from lbgen.server.running import ServerHealth, Wanted

    Asks = Callable[[], Sequence[Wanted]]

log = logging.getLogger("lbgen.server")

_AGAIN = 2.0
_END_SECONDS = 60.0


class Instances:
    """Keeps a HAProxy for each pool, with everything of it below `root`; `where` is how load balancers are reached.

    Raises ToolError where the directory cannot be used, or another server does.
    """

    def __init__(
        self,
        root: Path,
        certificates: Path,
        engine: Engine,
        where: Instance,
        others: Mapping[str, Engine] | None = None,
    ) -> None:
        _refuse_long(root)
        self._root = root
        self._where = where
        self._private = Private(root)
        self._private.enter()
        addresses = Addresses()
        self._machine = Machine(engine, addresses, certificates, others or {})
        self._ports = Ports(root / "ports.json", addresses)
        self._keepers: dict[str, Keeper] = {}
        self._turn = threading.Condition()
        self._asks: Asks | None = None
        self._asked = self._answered = 0
        self._closing = False
        for place in places(root):
            # Who runs already has the older right to its addresses.
            if engine.runs(place):
                addresses.keep(place.pool, _text_of(place.config))
        self._thread = threading.Thread(target=self._run, name="pools", daemon=True)
        self._thread.start()

    def apply(self, wanted: Asks) -> None:
        """Has everything run as `wanted` says, soon."""
        with self._turn:
            self._asks = wanted
            self._asked += 1
            self._turn.notify_all()

    def placed(self, pool: Pool, options: PoolOptions) -> PoolOptions:
        """The options with the ports of the pool, and for what is reloaded without being noticed."""
        return replace(
            options,
            ports=self._ports.of(pool, options.dynamic_ports),
            state_dir=str(place_of(self._root, pool.name).directory),
            patient=self._machine.engine.patient,
        )

    def text(self, name: str) -> str | None:
        """The very text that runs for the pool."""
        keeper = self._keepers.get(name)
        return keeper.text if keeper is not None else None

    def problem(self, name: str) -> str:
        """Why what runs is not what is wanted."""
        status = self.status(name)
        return status.message if status.state is State.ERROR else ""

    def status(self, name: str) -> Status:
        """How the pool is; what was asked for a moment ago is pending, whether it makes a difference or not."""
        keeper = self._keepers.get(name)
        if keeper is None:
            return Status(State.PENDING, "", 0, 0)
        status = keeper.status()
        with self._turn:
            pending = self._asked != self._answered
        return status._replace(state=State.PENDING, message="") if pending else status

    def instances(self, name: str) -> Sequence[Instance]:
        """The one that runs, if it does: two cannot share the addresses of one machine."""
        return [self._where] if self.text(name) is not None else []

    def health(self, name: str) -> Mapping[str, Sequence[ServerHealth]]:
        """The servers of the pool's HAProxy."""
        keeper = self._keepers.get(name)
        return keeper.health() if keeper is not None else {}

    def close(self) -> None:
        """Ends every HAProxy once it has finished what it serves, or a while later."""
        with self._turn:
            self._closing = True
            self._turn.notify_all()
        self._thread.join(_END_SECONDS)
        keepers = list(self._keepers.values())
        for keeper in keepers:
            keeper.end()
        for keeper in keepers:
            keeper.join(_END_SECONDS)
        self._private.leave()

    def _run(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: self._closing or self._asked != self._answered)
                asks, asked = self._asks, self._asked
                if self._closing:
                    return
            done = asks is None or self._dispatched(asks)
            with self._turn:
                if done:
                    self._answered = asked
                else:
                    self._turn.wait_for(lambda: self._closing, _AGAIN)

    def _dispatched(self, asks: Asks) -> bool:
        """Whether every keeper was told what is wanted now."""
        try:
            wanted = {each.name: each for each in asks()}
            self._ports.forget(wanted)
            there = {place.pool for place in places(self._root)}
            for name in sorted({*wanted, *self._keepers, *there}):
                self._tell(name, wanted.get(name))
        except (LbgenError, Refusal) as error:
            log.warning("the pools cannot be read: %s", error)
            return False
        except Exception:
            log.exception("the pools cannot be read")
            return False
        return True

    def _tell(self, name: str, wanted: Wanted | None) -> None:
        keeper = self._keepers.get(name)
        if keeper is not None and keeper.want(wanted):
            return
        if keeper is not None and wanted is None:
            self._keepers.pop(name)
            return
        keeper = Keeper(place_of(self._root, name), self._machine)
        keeper.want(wanted)
        keeper.start()
        self._keepers[name] = keeper


def _refuse_long(root: Path) -> None:
    """Raises ToolError where the path of a socket would be longer than paths of sockets can be."""
    if not fits(place_of(root, "").directory):
        raise ToolError(f"{root} has too long a name for sockets in it", help="name another directory with --data")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
