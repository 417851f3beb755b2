"""What runs for a pool: the seam to whoever keeps a HAProxy for each, and an implementation for nobody."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lbgen.edgelb.pool import Pool
    from lbgen.pipeline.pools import PoolOptions
    from lbgen.server.rendering import Rendering


class Instance(NamedTuple):
    """One load balancer of a pool: the addresses under which it is reached, inside the cluster and outside."""

    private: tuple[str, ...] = ()
    public: tuple[str, ...] = ()


class ServerHealth(NamedTuple):
    """A server of a backend, as the HAProxy that runs tells of it.

    `address` is its address with the port, `state` is HAProxy's own word: `UP`, `DOWN`, `UP 1/3` while it falls or
    `DOWN 1/2` while it rises, `MAINT`, `DRAIN`, `NOLB`, `no check`. `check` is what came of the last check, as in
    `L4OK` or `L7STS`, `sessions` how many it has at the moment.
    """

    name: str
    address: str
    state: str
    weight: int
    sessions: int
    check: str

    @property
    def serves(self) -> bool:
        """Whether HAProxy sends it new connections."""
        return self.state.startswith(("UP", "no check"))


class Wanted(NamedTuple):
    """What should run for a pool: `instances` load balancers with what `render` makes, if that is any good.

    What has the same `revision` and `tasks` is rendered to the same.
    """

    name: str
    revision: int
    tasks: str
    instances: int
    render: Callable[[], Rendering]


class State(Enum):
    """Whether what is wanted runs: it does, or will in a moment, or does not, and what ran before goes on running."""

    OK = "OK"
    PENDING = "PENDING"
    ERROR = "ERROR"


class Status(NamedTuple):
    """How a pool is: the `message` says why what is wanted does not run; how many load balancers should run, and do."""

    state: State
    message: str
    wanted: int
    running: int


class Running(Protocol):
    """Keeps load balancers as the pools want them. No method raises; what goes wrong is in the status."""

    def apply(self, wanted: Callable[[], Sequence[Wanted]]) -> None:
        """Called whenever pools or tasks have changed, by any thread; returns at once.

        `wanted` tells of all pools as they are when it is called; what runs for others is to be ended.
        """

    def text(self, name: str) -> str | None:
        """The very text that runs for the pool, None where nothing does."""

    def placed(self, pool: Pool, options: PoolOptions) -> PoolOptions:
        """How the pool's configuration is written for where it runs; raises ToolError where that cannot be told."""

    def problem(self, name: str) -> str:
        """Why what runs is not what is wanted, in a sentence; empty where it is, or will be in a moment."""

    def status(self, name: str) -> Status | None:
        """How the pool is; None where nothing is meant to run."""

    def instances(self, name: str) -> Sequence[Instance]:
        """The load balancers that run for the pool."""

    def health(self, name: str) -> Mapping[str, Sequence[ServerHealth]]:
        """The servers that the pool's load balancer has now, by backend; empty where nothing runs, or answers."""

    def close(self) -> None:
        """Ends what was started."""


class Nobody:
    """Runs nothing: pools are kept and rendered, and that is all."""

    def apply(self, wanted: Callable[[], Sequence[Wanted]]) -> None:
        """Does nothing."""

    def text(self, name: str) -> str | None:  # noqa: ARG002 - the protocol's
        """Nothing runs."""
        return None

    def placed(self, pool: Pool, options: PoolOptions) -> PoolOptions:  # noqa: ARG002 - the protocol's
        """As for any place."""
        return options

    def problem(self, name: str) -> str:  # noqa: ARG002 - the protocol's
        """Nothing is wrong with nothing."""
        return ""

    def status(self, name: str) -> Status | None:  # noqa: ARG002 - the protocol's
        """Nothing is meant to run."""
        return None

    def instances(self, name: str) -> Sequence[Instance]:  # noqa: ARG002 - the protocol's
        """There are none."""
        return ()

    def health(self, name: str) -> Mapping[str, Sequence[ServerHealth]]:  # noqa: ARG002 - the protocol's
        """Nobody has servers."""
        return {}

    def close(self) -> None:
        """Does nothing."""
