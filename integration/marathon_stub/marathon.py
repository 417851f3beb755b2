"""The stub itself: who listens, who may ask, who answers, and what goes wrong."""

from __future__ import annotations

import queue
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integration.marathon_stub.api import Answer, answer
from integration.marathon_stub.bus import Bus
from integration.marathon_stub.cluster import Cluster
from integration.marathon_stub.connection import Stream
from integration.marathon_stub.listener import HOST, Listener

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from integration.marathon_stub.api import Request
    from integration.marathon_stub.cluster import Launch, Stop
    from integration.marathon_stub.connection import Connection
    from integration.marathon_stub.faults import Fault
    from integration.marathon_stub.guards import Guard


@dataclass
class _Trouble:
    """A fault, for requests whose path is this or below it, so many times (None: until mended)."""

    fault: Fault
    path: str
    times: int | None


class Marathon(Cluster):
    """A Marathon on a port of its own; `requests` are those that it was sent, in their order.

    `leader` is the Marathon that leads instead of this one: requests are redirected to it, or passed on with
    `proxied`. `heartbeat` is how often, in seconds, an event stream has a sign of life. `chunked` and `packed` say how
    streams go over the wire.
    """

    def __init__(
        self,
        *,
        launch: Launch | None = None,
        stop: Stop | None = None,
        tls: ssl.SSLContext | None = None,
        guard: Guard | None = None,
        host: str = HOST,
    ) -> None:
        self.bus = Bus()
        super().__init__(self.bus, launch, stop)
        self.requests: list[Request] = []
        self.guard = guard
        self.leader: Marathon | None = None
        self.proxied = False
        self.heartbeat = 0.5
        self.chunked = False
        self.packed = False
        self._troubles: list[_Trouble] = []
        self._tls = tls
        self._listener = Listener(self._serve, tls, host)

    @property
    def url(self) -> str:
        """Where it listens."""
        host = f"[{self._listener.host}]" if ":" in self._listener.host else self._listener.host
        return f"http{'s' if self._tls else ''}://{host}:{self._listener.port}"

    def start(self) -> None:
        """Takes connections."""
        self._listener.open()

    def stop(self) -> None:
        """Refuses connections and cuts those that there are, as when Marathon's process ends; what it knows is kept."""
        self.bus.close_all()
        self._listener.close()

    def release(self) -> None:
        """Stops for good."""
        self.bus.close_all()
        self._listener.release()

    def fail(self, fault: Fault, *, path: str = "/", times: int | None = None) -> None:
        """Lets requests to this path and below go wrong: so many times, or until mended."""
        self._troubles.append(_Trouble(fault, path, times))

    def mend(self) -> None:
        """All is well again."""
        self._troubles.clear()

    def asked(self, path: str) -> list[Request]:
        """The requests for this path."""
        return [request for request in list(self.requests) if request.path == path]

    def wait_for(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        """Returns once the condition holds; fails where it does not within the time."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.01)

    def wait_for_listeners(self, number: int = 1) -> None:
        """Returns once so many event streams are open."""
        self.wait_for(lambda: self.bus.listeners() == number)

    def _serve(self, connection: Connection) -> None:
        while connection.open and (request := connection.request()) is not None:
            self.requests.append(request)
            self._respond(connection, request)

    def _respond(self, connection: Connection, request: Request) -> None:
        trouble = self._trouble(request)
        refusal = None if trouble or self.guard is None else self.guard.refusal(request)
        if trouble is not None:
            trouble.fault(connection)
        elif refusal is not None:
            connection.answer(request, refusal)
        elif self.leader is not None and not self.proxied:
            connection.send(302, b"", {"Location": f"{self.leader.url}{request.target}"})
        elif request.path == "/v2/events":
            self._stream(connection, request)
        else:
            connection.answer(request, self._answer(request))

    def _trouble(self, request: Request) -> _Trouble | None:
        with self.lock:
            found = next((each for each in self._troubles if f"{request.path}/".startswith(each.path)), None)
            if found is not None and found.times is not None:
                found.times -= 1
                if not found.times:
                    self._troubles.remove(found)
        return found

    def _answer(self, request: Request) -> Answer:
        leader = self.leader or self
        named = {"X-Marathon-Leader": leader.url}
        if request.method == "GET" and request.path == "/v2/leader":
            return Answer(200, {"leader": leader.url.partition("//")[2]}, named)
        if request.method == "GET" and request.path == "/v2/info":
            return Answer(200, self._info(leader), named)
        said = answer(leader, request)
        return Answer(said.status, said.value, {**said.headers, **named})

    def _info(self, leader: Marathon) -> dict[str, Any]:
        return {
            "name": "marathon",
            "version": "1.8.222",
            "buildref": "unknown",
            "elected": leader is self,
            "leader": leader.url.partition("//")[2],
            "frameworkId": "0e2a5ae8-6b1d-4a45-9f0f-9d5d0e2f8c11-0001",
            "marathon_config": {"master": "zk://192.0.2.10:2181/mesos", "framework_name": "marathon", "ha": True},
            "zookeeper_config": {"zk": "zk://192.0.2.10:2181/marathon", "zk_timeout": 10000},
            "http_config": {"http_port": self._listener.port, "https_port": 8443},
        }

    def _stream(self, connection: Connection, request: Request) -> None:
        packed = self.packed and "gzip" in request.headers.get("accept-encoding", "")
        stream = Stream(connection, chunked=self.chunked, packed=packed)
        bus = (self.leader or self).bus
        # Whoever sees the headers hears what happens from then on.
        listener = bus.attach(request.query("event_type"), light="light" in request.query("plan-format"))
        try:
            stream.begin()
            self._send_events(stream, listener.pending)
        finally:
            bus.detach(listener)
        stream.end()
        connection.close()

    def _send_events(self, stream: Stream, pending: queue.SimpleQueue[bytes | None]) -> None:
        while True:
            try:
                raw = pending.get(timeout=self.heartbeat)
            except queue.Empty:
                raw = b"\r\n"
            if raw is None:
                return
            if not self.bus.silent:
                stream.write(raw)


@contextmanager
def run_marathon(**options: Any) -> Iterator[Marathon]:
    """A running Marathon, made with these options; it is gone when the block ends."""
    marathon = Marathon(**options)
    marathon.start()
    try:
        yield marathon
    finally:
        marathon.release()


__all__ = ["Marathon", "run_marathon"]
