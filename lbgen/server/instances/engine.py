"""By which means HAProxy is run: as a process of this machine, or as a container."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, NamedTuple, Protocol

from lbgen.check.binary import find_binary
from lbgen.errors import ToolError
from lbgen.live.haproxy.child import Child, Limits
from lbgen.live.haproxy.knowing import knows
from lbgen.live.haproxy.private import Private
from lbgen.server.instances.environment import own_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.live.contract import Haproxy
    from lbgen.server.instances.places import Place

LIMITS = Limits()
_CHECK_SECONDS = 120
_WAITS = "idle-close-on-response"


class Said(NamedTuple):
    """What came of `haproxy -c`: its exit status, and all that it wrote."""

    status: int
    output: str


class Engine(Protocol):
    """What starts HAProxy; `kind` says which engine it is in one word.

    `patient` tells whether the HAProxy that it starts can wait for one more request on idle connections. Everything may
    raise ToolError.
    """

    kind: str
    patient: bool

    def haproxy(self, place: Place, environment: Mapping[str, str]) -> Haproxy:
        """The HAProxy of the place, with this added to its environment; it runs already, or it has to be started."""

    def runs(self, place: Place) -> bool:
        """Whether it is there, be it well or not."""

    def check(self, place: Place, environment: Mapping[str, str]) -> Said:
        """What HAProxy says of the place's candidate, with this added to its environment."""


class Processes:
    """Processes of this binary, as `needed_binary` finds it; without one they can only be ended."""

    kind = "process"

    def __init__(self, binary: str | None) -> None:
        self._binary = binary
        self.patient = binary is not None and knows(binary, _WAITS)

    def haproxy(self, place: Place, environment: Mapping[str, str]) -> Child:
        """The HAProxy of the place."""
        return Child(
            place.config,
            place.directory,
            binary=self._binary,
            environment={**own_environment(), **environment},
            limits=LIMITS,
        )

    def runs(self, place: Place) -> bool:
        """Whether its master is there."""
        return Private(place.directory).running() is not None

    def check(self, place: Place, environment: Mapping[str, str]) -> Said:
        """What HAProxy says of the place's candidate; raises ToolError where it does not end."""
        command = [str(self._binary), "-c", "-f", str(place.candidate)]
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own HAProxy
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_CHECK_SECONDS,
                check=False,
                env={**own_environment(), **environment},
            )
        except subprocess.TimeoutExpired:
            raise ToolError(f"haproxy -c did not end within {_CHECK_SECONDS} s and was killed") from None
        except OSError as error:
            raise ToolError(f"{self._binary} cannot be run: {error.strerror}") from None
        return Said(done.returncode, done.stdout.decode("utf-8", "replace"))


def needed_binary(name: str | None) -> str:
    """The path of this binary, or of the one that is found; raises ToolError where there is none."""
    found = find_binary(name)
    if found is None:
        where = f"at {name}" if name else "on this machine"
        help_ = "install it, name one with --haproxy-bin, or run containers with --run container"
        raise ToolError(f"there is no HAProxy {where}", help=help_)
    return found
