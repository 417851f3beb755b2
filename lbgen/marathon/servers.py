"""Which tasks become servers of which services, and at which addresses."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from lbgen.errors import AppError
from lbgen.finding import Finding, Severity
from lbgen.marathon import network
from lbgen.marathon.health import alive
from lbgen.marathon.limits import MOST_SERVERS, MOST_SERVERS_OF_APP
from lbgen.model.service import Server
from lbgen.regex import regex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lbgen.marathon.apps import MarathonApp, RunningTask
    from lbgen.model.service import Service

_NOT_SERVING = """
    TASK_STAGING TASK_STARTING TASK_KILLING TASK_FINISHED TASK_FAILED TASK_KILLED TASK_ERROR TASK_DROPPED TASK_GONE
    TASK_GONE_BY_OPERATOR TASK_UNKNOWN
"""
NOT_SERVING = frozenset(_NOT_SERVING.split())


# What host names, addresses and names of addresses are made of; nothing of it means anything to HAProxy.
_HOST = regex(r"[A-Za-z0-9._:%-]+")


class Tasks:
    """The tasks of one app, and what is to be said of those that cannot be reached."""

    def __init__(
        self, app: MarathonApp, networking: str, resolve: Callable[[str], str | None], *, health_check: bool
    ) -> None:
        self.findings: list[Finding] = []
        self._app = app
        self._networking = networking
        self._resolve = resolve
        self._only_alive = health_check and bool(app.fields.get("healthChecks"))

    def serve(self, ports: Sequence[int | None], by_port: Mapping[int, Service]) -> None:
        """Adds a server to each service that a task listens for, in their order.

        Raises AppError where there are more than HAProxy has numbers for.
        """
        self._refuse_too_many(len(self._app.tasks or ()) * len(ports), MOST_SERVERS_OF_APP)
        for task, address in self._reachable():
            for number, port in zip(network.task_ports(self._app, task, self._networking), ports, strict=False):
                if port is not None:
                    by_port[port].servers.append(Server(task.host, address, number, task.draining, task.colour))
        for service in by_port.values():
            self._refuse_too_many(len(service.servers), MOST_SERVERS)
            service.servers.sort(key=_ORDER)

    def _refuse_too_many(self, count: int, most: int) -> None:
        if count > most:
            message = f"the app would have {count:,} servers; at most {most:,} are taken"
            origin = self._app.ref.because("tasks" if "tasks" in self._app.fields else "").origin()
            raise AppError(message, origin=origin, rule="too-many-servers")

    def _reachable(self) -> Iterator[tuple[RunningTask, str]]:
        """The tasks that serve, with their addresses."""
        for position, task in enumerate(self._app.tasks or ()):
            if task.host and task.state not in NOT_SERVING and (not self._only_alive or alive(task)):
                address = self._address(position, task)
                if address is not None:
                    yield task, address

    def _address(self, position: int, task: RunningTask) -> str | None:
        if not _HOST.fullmatch(task.host):
            self._skip(position, f'runs on a host whose name is not usable: "{task.host:.60}"', "bad-host")
            return None
        if self._networking != network.CONTAINER:
            address = self._resolve(task.host)
            if address is None:
                self._skip(position, f'runs on "{task.host}", which does not resolve', "unresolved-host")
            return address
        if task.address is not None and not _HOST.fullmatch(task.address):
            self._skip(position, f'has an unusable address: "{task.address:.60}"', "bad-host")
            return None
        return task.address

    def _skip(self, position: int, what: str, rule: str) -> None:
        field = f"tasks/{position}" if "tasks" in self._app.fields else ""
        origin = self._app.ref.because(field).origin()
        self.findings.append(Finding(rule, Severity.WARNING, f"a task {what}; the task is left out", origin))


# Host, port, address, draining.
_ORDER = itemgetter(0, 2, 1, 3)
