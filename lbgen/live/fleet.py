"""What is known of Marathon's apps at this moment."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from lbgen.live.contract import SourceError
from lbgen.live.reading import read_app, read_fleet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.live.contract import Source
    from lbgen.live.reading import Entry, Fleet
    from lbgen.live.state import States


class Changed(NamedTuple):
    """An app as it was and as it is, None where it was not, or is no more."""

    app_id: str
    before: Entry | None
    after: Entry | None


class Knowledge:
    """All apps as Marathon described them last; `at` is when it described all of them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.fleet: Fleet = {}
        self.at: float | None = None

    def fetch(self, states: States) -> list[Changed]:
        """Asks for all apps; those that have changed.

        Raises SourceError and leaves everything as it was where there is no good answer.
        """
        started = time.monotonic()
        reply = self._source.fetch()
        fetched = time.monotonic()
        before, self.fleet = self.fleet, read_fleet(reply, self.fleet)
        self.at = reply.at
        states.took("fetch", fetched - started)
        states.took("read", time.monotonic() - fetched)
        states.put(endpoint=reply.endpoint, apps=len(self.fleet))
        new = [Changed(app_id, before.get(app_id), entry) for app_id, entry in self.fleet.items()]
        gone = [Changed(app_id, entry, None) for app_id, entry in before.items() if app_id not in self.fleet]
        return [each for each in new if each.before is not each.after] + gone

    def fetch_apps(self, app_ids: Sequence[str], states: States) -> list[Changed]:
        """Asks for these apps; those that have changed. Raises SourceError as `fetch` does."""
        started = time.monotonic()
        replies = [(app_id, self._source.fetch_app(app_id)) for app_id in app_ids]
        states.took("fetch", time.monotonic() - started)
        found = [(app_id, None if reply is None else read_app(reply, self.fleet)) for app_id, reply in replies]
        if strange := next((app_id for app_id, entry in found if entry is not None and entry.app_id != app_id), None):
            raise SourceError(f"Marathon was asked for the app {strange}, and tells of another")
        changed = [Changed(app_id, self.fleet.get(app_id), entry) for app_id, entry in found]
        for app_id, _, after in changed:
            if after is None:
                self.fleet.pop(app_id, None)
            else:
                self.fleet[app_id] = after
        states.put(apps=len(self.fleet))
        return [each for each in changed if each.before != each.after]
