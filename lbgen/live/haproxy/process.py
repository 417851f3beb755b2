"""The process of HAProxy's master: the one that was started, or one that an lbgen before this one has left behind."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from lbgen.errors import ToolError
from lbgen.live.haproxy.ending import until
from lbgen.live.haproxy.private import command_line, started

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lbgen.live.haproxy.messages import Messages
    from lbgen.live.haproxy.private import Private

# What lbgen needs to log in somewhere is nobody's business in a load balancer, where a label may name a variable.
# Keys of certificates are in files by now.
_SECRETS = frozenset({"DCOS_SERVICE_ACCOUNT_CREDENTIAL", "MARATHON_PASSWORD", "MARATHON_USER", "VAULT_TOKEN"})
_CERTIFICATES = "HAPROXY_SSL_CERT"
_STDERR = 2
_LEFT_BEHIND = 0.5


class MasterProcess:
    """The master that belongs to the directory, if there is one."""

    def __init__(self, private: Private) -> None:
        self._private = private
        self._started: subprocess.Popen[bytes] | None = None
        self._adopted: tuple[int, str] | None = None

    @property
    def pid(self) -> int | None:
        """The pid of the master, None where it does not run."""
        if self._started is not None:
            return self._started.pid if self._started.poll() is None else None
        if self._adopted is None and (pid := self._private.running()) is not None:
            self._adopt(pid)
        if self._adopted is not None and started(self._adopted[0]) != self._adopted[1]:
            self._adopted = None
        return self._adopted[0] if self._adopted is not None else None

    def find(self) -> bool:
        """Whether there is a master; one that starts itself anew just now is given a moment to show."""
        left_behind = self._started is None and self._private.pid_file.exists()
        if until(lambda: self.pid is not None, _LEFT_BEHIND if left_behind else 0):
            return True
        if (pid := self._private.left_behind()) is not None:
            self._adopt(pid)
        return self._adopted is not None

    def start(
        self, binary: str, words: Sequence[str], messages: Messages, environment: Mapping[str, str] | None
    ) -> subprocess.Popen[bytes]:
        """Starts one with these words on its command line; raises ToolError where it cannot be run."""
        given = os.environ if environment is None else environment
        command = [binary, "-W", "-db", *self._private.master_words, "-p", str(self._private.pid_file), *words]
        try:
            with messages.open() as errors:
                # A session of its own: neither a closed terminal nor whoever ends lbgen's group ends HAProxy.
                self._started = subprocess.Popen(  # noqa: S603 - the binary is the one that the operator names
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=_STDERR,
                    stderr=errors,
                    env=environment_of_haproxy(given),
                    start_new_session=True,
                )
        except OSError as error:
            msg = f"cannot run {binary}: {error.strerror}"
            raise ToolError(msg) from error
        return self._started

    def serves(self, config: str) -> bool:
        """Whether it was started with this file, or is no more."""
        pid = self.pid
        return pid is None or config in command_line(pid)

    def _adopt(self, pid: int) -> None:
        since = started(pid)
        if since is not None:
            self._started, self._adopted = None, (pid, since)


def environment_of_haproxy(environment: Mapping[str, str]) -> dict[str, str]:
    """What HAProxy, serving or only asked, finds of this environment."""
    return {
        name: value
        for name, value in environment.items()
        if name not in _SECRETS and not name.startswith(_CERTIFICATES)
    }
