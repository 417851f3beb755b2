"""Who is at fault where HAProxy takes a configuration, and then does not serve it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from lbgen.live.memory import Bad
from lbgen.marathon.names import backend_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lbgen.live.reading import Entry, Fleet
    from lbgen.model.service import Service


def refused(message: str, services: Sequence[Service], fleet: Fleet) -> list[tuple[Entry, Bad]]:
    """The apps whose frontends the message names, with what is known against them now; each once."""
    said = {word.strip(".:") for word in re.findall(r"[\w.:-]+", message)}
    entries = {entry.app.ref.document: entry for entry in fleet.values() if entry.app is not None}
    found: dict[str, tuple[Entry, Bad]] = {}
    for service in services:
        entry = entries.get(service.app.document)
        if entry is not None and f"{backend_name(service.app.id, service.port)}_in" in said:
            reason = f"HAProxy cannot serve it: {message:.300}"
            found[entry.app_id] = entry, Bad(entry.digest, reason, None, "refused", time.time(), among=True)
    return list(found.values())
