"""A source that is asked in a thread of its own: whoever waits for the answer goes on with what cannot wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from lbgen.live.contract import Change, Reply, Source

T = TypeVar("T")


class Beside:
    """The same source, but `meanwhile` is called every so many seconds while somebody waits for its answer."""

    def __init__(self, source: Source, meanwhile: Callable[[], None], seconds: float) -> None:
        self._source = source
        self._meanwhile = meanwhile
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(1, "fetch")

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
        asked = self._pool.submit(ask)
        while not wait([asked], self._seconds).done:
            self._meanwhile()
        return asked.result()
