"""A source that is asked in a thread of its own: whoever waits for the answer goes on with what cannot wait."""

from __future__ import annotations

import threading
from concurrent.futures import Future, wait
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lbgen.live.contract import Change, Reply, Source

T = TypeVar("T")


class Beside:
    """The same source, but `meanwhile` is called every so many seconds while somebody waits for its answer."""

    def __init__(self, source: Source, meanwhile: Callable[[], None], seconds: float) -> None:
        self._source = source
        self._meanwhile = meanwhile
        self._seconds = seconds

    def fetch(self) -> Reply:
        """As the source's."""
        return self._answer(self._source.fetch)

    def fetch_app(self, app_id: str) -> Reply | None:
        """As the source's."""
        return self._answer(partial(self._source.fetch_app, app_id))

    def events(self, stop: threading.Event) -> Iterator[Change]:
        """As the source's."""
        return self._source.events(stop)

    def _answer(self, ask: Callable[[], T]) -> T:
        asked: Future[T] = Future()
        # A pool would hold up the end of lbgen, for as long as nobody says where a name leads to.
        threading.Thread(target=_put, args=(asked, ask), name="fetch", daemon=True).start()
        while not wait([asked], self._seconds).done:
            self._meanwhile()
        return asked.result()


def _put(asked: Future[T], ask: Callable[[], T]) -> None:
    try:
        asked.set_result(ask())
    except BaseException as error:  # noqa: BLE001 - whoever waits gets it
        asked.set_exception(error)
