"""The runtime API of the worker that takes connections, by its stats socket or through its master."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.control.conversation import Conversation
from lbgen.control.master import processes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.control.conversation import Address

# How long an answer may take: so much for all of them, and so many of them a second.
_SECONDS = 10
_COMMANDS_A_SECOND = 200


class StatsSocket:
    """A stats socket; who may change anything there, the configuration says: it needs `level admin`."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def ask(self, commands: Sequence[str]) -> list[str]:
        """The answers to the commands, in one connection; raises OSError where nobody answers."""
        with Conversation(self._address, _timeout(commands)) as worker:
            return [worker.ask(command) for command in commands]


class ThroughMaster:
    """The worker behind a master's socket, where everything is allowed and no worker of before answers."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def ask(self, commands: Sequence[str]) -> list[str]:
        """The answers to the commands, in one connection; raises OSError where nobody answers."""
        seen = processes(self._address, _SECONDS)
        if seen is None or seen.serving is None:
            msg = "HAProxy has no worker that takes connections"
            raise ConnectionError(msg)
        with Conversation(self._address, _timeout(commands), seen.serving) as worker:
            return [worker.ask(command) for command in commands]


def _timeout(commands: Sequence[str]) -> float:
    return _SECONDS + len(commands) / _COMMANDS_A_SECOND
