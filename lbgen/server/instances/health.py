"""How the servers of a running HAProxy are, as its statistics tell it."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from lbgen.server.running import ServerHealth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lbgen.live.contract import Runtime

# Of all proxies, servers alone.
_COMMAND = "show stat -1 4 -1"
_HEAD = "# "


def health(runtime: Runtime) -> dict[str, list[ServerHealth]]:
    """The servers of each backend that has some; empty where nobody answers, or in an unknown way."""
    try:
        return read(runtime.ask([_COMMAND])[0])
    except (OSError, ValueError, csv.Error):
        return {}


def read(told: str) -> dict[str, list[ServerHealth]]:
    """The servers that the statistics tell of, by backend; raises ValueError where these are no statistics."""
    if not told.startswith(_HEAD):
        raise ValueError(told.strip()[:200] or "HAProxy answers nothing")
    found: dict[str, list[ServerHealth]] = {}
    # What a server answers to a check may hold other ends of lines.
    for row in csv.DictReader(told.removeprefix(_HEAD).split("\n")):
        found.setdefault(row["pxname"], []).append(_server(row))
    return found


def _server(row: Mapping[str, str | None]) -> ServerHealth:
    return ServerHealth(
        name=row["svname"] or "",
        address=row.get("addr") or "",
        state=row["status"] or "",
        weight=_number(row, "weight"),
        sessions=_number(row, "scur"),
        check=" ".join(word for word in (row.get("check_status"), row.get("last_chk")) if word),
    )


def _number(row: Mapping[str, str | None], column: str) -> int:
    text = row.get(column) or ""
    return int(text) if text.isdecimal() else 0
