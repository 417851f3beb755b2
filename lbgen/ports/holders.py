"""For whom reservations are held, as far as an app may use what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lbgen.marathon.deployment import GROUP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lbgen.edgelb.pool import Pool
    from lbgen.marathon.apps import MarathonApp


def holder(app_id: str, index: int) -> str:
    """What reservations call a service port of an app: its absolute id, and the index."""
    return f"/{app_id.strip('/')}:{index}"


class Holders:
    """The apps of a fleet as holders of reservations; the colours of a deployment group are one."""

    def __init__(self, apps: Iterable[MarathonApp]) -> None:
        self._alike: dict[str, set[str]] = {}
        for app in apps:
            self._alike.setdefault(_group(app), set()).update((app.ref.written, _group(app)))

    def of(self, app: MarathonApp, index: int | None) -> frozenset[str]:
        """The holders of which this app is one, with its service port of this index; without one, their ids."""
        ids = self._alike.get(_group(app), {app.ref.written})
        return frozenset(f"/{each.strip('/')}" if index is None else holder(each, index) for each in ids)


def of_pool(pool: Pool) -> frozenset[str]:
    """The ids of those whose reservations a pool may use: its own, and those of the apps that it names."""
    wanted = (each for backend in pool.backends for service in backend.services for each in service.wanted)
    ids = {each.exact for each in wanted if each.key == "marathon/serviceID" and each.exact}
    return frozenset(f"/{each.strip('/')}" for each in (pool.name, *ids))


def _group(app: MarathonApp) -> str:
    return (app.labels.get(GROUP) or app.ref.written).strip("/")
