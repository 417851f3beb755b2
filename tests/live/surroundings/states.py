"""Pictures of a loop for tests."""

from __future__ import annotations

import time
from typing import Any

from lbgen.live.contract import Process
from lbgen.live.state import LeftOut, State
from lbgen.live.status import Telling

REFUSED = LeftOut("/shop", "unknown keyword 'blance'", "HAPROXY_0_BACKEND_HEAD", "directive-unknown", since=1.0)
KEPT = LeftOut("/pay", "says the mode twice", "HAPROXY_0_MODE", "bad-label-value", kept=True, since=1.0)
WAITING = LeftOut("/new", "not tried yet", waiting=True)


def state(**fields: Any) -> State:
    """One that is as it should be, but for these fields."""
    now = time.monotonic()
    good: dict[str, Any] = {
        "started": now - 7300,
        "ready": True,
        "data_at": now - 5,
        "updated": now - 3,
        "changed": now - 600,
        "endpoint": "http://one.example.org:8080",
        "apps": 43,
        "served": 41,
        "backends": 60,
        "servers": 120,
    }
    return State(**{**good, **fields})


def telling(**fields: Any) -> Telling:
    """What tells of it."""
    found = state(**fields)
    processes = [Process(12, 0), Process(9, 1)]
    return Telling(state=lambda: found, processes=lambda: processes, haproxy_version="HAProxy version 2.6.12")
