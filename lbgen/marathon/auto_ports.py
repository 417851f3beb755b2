"""Service ports for IP-per-task apps that declare none: chosen by hash, as Marathon-LB does."""

from __future__ import annotations

import hashlib
from dataclasses import field

from lbgen.dataclass import dataclass

_TRIES = 50


@dataclass(slots=True)
class AutoPorts:
    """Ports handed out so far, by app and task port, from `first` to `last`; both 0 hand out none."""

    first: int
    last: int
    _by_key: dict[tuple[str, int], int] = field(default_factory=dict)
    _taken: set[int] = field(default_factory=set)

    @property
    def enabled(self) -> bool:
        """Whether there is a range to hand out of."""
        return self.first > 0 and self.last > 0

    def port(self, app: str, task_port: int) -> int | None:
        """The service port for this app and task port; None where the whole range has been handed out."""
        key = (app, task_port)
        if key in self._by_key:
            return self._by_key[key]
        if len(self._by_key) >= self.last - self.first + 1:
            return None
        port = self._hashed(app, task_port)
        self._by_key[key] = port
        self._taken.add(port)
        return port

    def _hashed(self, app: str, task_port: int) -> int:
        size = self.last - self.first + 1
        for attempt in range(_TRIES):
            digest = hashlib.sha1(f"{app}-{task_port}-{attempt}".encode(), usedforsecurity=False).hexdigest()
            port = self.first + int(digest[:8], 16) % size
            if port not in self._taken:
                return port
        return next(port for port in range(self.first, self.last + 1) if port not in self._taken)
