"""The workers of a HAProxy, wherever it runs, by what its master says."""

from __future__ import annotations

from lbgen.control import master
from lbgen.live.contract import Process


def workers(address: str) -> list[Process]:
    """The workers of the master at the address by their pids there, the one that takes connections first.

    None where there is no such one, or the master says nothing.
    """
    seen = master.processes(address)
    if seen is None or seen.serving is None:
        return []
    old = (Process(each.pid, each.reloads) for each in seen.old if each.pid != seen.serving)
    return [Process(seen.serving, 0), *old]
