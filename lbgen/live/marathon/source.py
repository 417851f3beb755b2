"""Marathon as a source of apps: one of several endpoints answers, the one that answered last first."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, TypeVar

from lbgen.live.contract import Reply, SourceError
from lbgen.live.marathon.backoff import Backoff
from lbgen.live.marathon.client import Client
from lbgen.live.marathon.exchange import Exchange
from lbgen.live.marathon.stream import listen
from lbgen.live.marathon.unusable import LoginFailed, Unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from lbgen.live.contract import Change
    from lbgen.live.marathon.access import Access
    from lbgen.live.marathon.endpoint import Endpoint

T = TypeVar("T")

_LOG = logging.getLogger(__name__)


class MarathonSource:
    """A `Source`. One thread may fetch while another listens to events; neither waits any more once `stop` is set."""

    def __init__(self, access: Access, stop: threading.Event | None = None) -> None:
        self._access = access
        self._exchange = Exchange(access, stop)
        self._clients = [(endpoint, Client(endpoint, self._exchange)) for endpoint in access.endpoints]
        self._lock = threading.Lock()
        self._listened = 0
        self.listening_to: Endpoint | None = None

    def fetch(self) -> Reply:
        """All apps with their tasks; raises `SourceError` where no endpoint gives a usable answer."""
        endpoint, read = self._ask(lambda client: client.apps())
        return Reply(read.text, str(endpoint), time.monotonic(), read.value)

    def fetch_app(self, app_id: str) -> Reply | None:
        """One app with its tasks, None where there is none of this id; raises `SourceError` as `fetch` does."""
        endpoint, read = self._ask(lambda client: client.app(app_id))
        return None if read is None else Reply(read.text, str(endpoint), time.monotonic(), read.value)

    def events(self, stop: threading.Event) -> Iterator[Change]:
        """What changes, as it happens, until `stop` is set; reconnects by itself.

        The first one after each connection says that all have to be fetched, since what happened before is unknown.
        """
        backoff = Backoff(self._access.max_backoff_seconds)
        while not stop.is_set():
            lasted = yield from self._round(stop)
            if not stop.is_set():
                stop.wait(backoff.wait(lasted))

    def close(self) -> None:
        """Gives up the connections that are kept."""
        self._exchange.close()

    def _round(self, stop: threading.Event) -> Generator[Change, None, float]:
        """Listens to the first endpoint that has a stream, each asked once; returns how many seconds that lasted."""
        for _ in self._access.endpoints:
            endpoint = self._access.endpoints[self._listened % len(self._access.endpoints)]
            self._listened += 1
            began = time.monotonic()
            reason = "ends the event stream"
            try:
                for change in listen(self._exchange, endpoint, stop):
                    self.listening_to = endpoint
                    yield change
            except Unusable as error:
                reason = str(error)
            finally:
                heard, self.listening_to = self.listening_to, None
            if stop.is_set():
                return 0.0
            _LOG.warning("%s %s", endpoint, reason)
            if heard is not None:
                return time.monotonic() - began
        return 0.0

    def _ask(self, how: Callable[[Client], T]) -> tuple[Endpoint, T]:
        problems = []
        with self._lock:
            clients = list(self._clients)
        for endpoint, client in clients:
            try:
                said = how(client)
            except LoginFailed as error:
                raise SourceError(f"the login of the service account fails: {error}") from None
            except Unusable as error:
                problems.append(f"{endpoint} {error}")
            else:
                self._prefer(endpoint)
                return endpoint, said
        raise SourceError("; ".join(problems))

    def _prefer(self, endpoint: Endpoint) -> None:
        """Asks this one first from now on, and the others in the order in which they come after it."""
        with self._lock:
            index = next(number for number, (each, _) in enumerate(self._clients) if each is endpoint)
            self._clients = self._clients[index:] + self._clients[:index]
