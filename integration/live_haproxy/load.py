"""A constant load of requests, and what came of them."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self


def answer(address: tuple[str, int], headers: dict[str, str] | None = None, path: str = "/") -> str:
    """Who answers one request; the status in place of that where it is not 200, the error where nobody does."""
    connection = http.client.HTTPConnection(*address, timeout=60)
    try:
        return answer_on(connection, headers or {}, path)
    finally:
        connection.close()


def answer_on(connection: http.client.HTTPConnection, headers: dict[str, str], path: str = "/") -> str:
    """The same in a connection that stays open, if the other side does not close it."""
    try:
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        body = reply.read().decode()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return repr(error)
    return body if reply.status == 200 else f"status {reply.status}"


class Load:
    """Sends requests from the beginning of the block to its end; `answers` counts who answered, or what went wrong.

    Each of the `clients` pauses between requests for so many seconds, for the sake of others on the machine. With
    `keep` each keeps its connection for as long as HAProxy does.
    """

    def __init__(
        self,
        address: tuple[str, int],
        clients: int = 4,
        pause: float = 0.005,
        *,
        headers: dict[str, str] | None = None,
        keep: bool = False,
    ) -> None:
        self.answers: Counter[str] = Counter()
        self._address = address
        self._pause = pause
        self._headers = headers or {}
        self._keep = keep
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send) for _ in range(clients)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def total(self) -> int:
        """How many requests have been answered or have failed by now."""
        return self.answers.total()

    def go_on(self, requests: int) -> None:
        """Returns when so many more requests have been answered."""
        enough = self.total + requests
        while self.total < enough:
            if self._stop.wait(0.002):
                return

    def _send(self) -> None:
        connection = http.client.HTTPConnection(*self._address, timeout=60)
        while not self._stop.wait(self._pause):
            self.answers[answer_on(connection, self._headers)] += 1
            if not self._keep:
                connection.close()
        connection.close()
